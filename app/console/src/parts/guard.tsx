/** A page that could not be loaded, or drawn: said in its place, until another is gone to. */
import { Component, type ReactNode } from 'react';

import { Failed } from './states';

interface Guarded { at: string; children: ReactNode }

export class Guard extends Component<Guarded, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate({ at }: Guarded) {
    if (at !== this.props.at && this.state.error) this.setState({ error: null });
  }

  override render() {
    const { error } = this.state;
    return error ? <Failed error={error} again={() => location.reload()} /> : this.props.children;
  }
}
