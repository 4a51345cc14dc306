import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app';
import './style.css';
import { Speaking } from './words';

createRoot(document.getElementById('console')!).render(
  <StrictMode>
    <Speaking><App /></Speaking>
  </StrictMode>,
);
