/** The audit trail: who did what others may ask about. */
import { useState } from 'react';

import { Asked } from '../../parts/asked';
import { Pages, usePage } from '../../parts/paging';
import { counted, useLanguage, useSpoken } from '../../words';
import { Events, useWhere } from './asked';
import { EventSheet } from './events';
import { Export } from './exporting';
import { Filters } from './filters';
import './style.css';
import { Verifying } from './verifying';
import { words as spoken } from './words';

export default function AuditPage() {
  const words = useSpoken(spoken);
  const [isVerifying, setVerifying] = useState(false);
  const page = usePage(50);
  const { language } = useLanguage();
  return (
    <>
      <h1>{words.title}</h1>
      <Filters />
      <div className="actions">
        <button type="button" onClick={() => setVerifying(true)}>{words.verify}</button>
        <Export />
      </div>
      <Asked query={Events} variables={{ where: useWhere(), ...page }} fresh>
        {({ auditEvents }) => !auditEvents?.nodes.length ? <p>{words.none}</p> : (
          <>
            <p className="quiet" role="status">{counted(words.total, auditEvents.totalCount, language)}</p>
            <EventSheet events={auditEvents.nodes} />
            <Pages info={auditEvents.pageInfo} />
          </>
        )}
      </Asked>
      {isVerifying && <Verifying onClose={() => setVerifying(false)} />}
    </>
  );
}
