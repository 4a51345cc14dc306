/** What GraphiQL's editors lack for those who use a keyboard or a screen reader. */

/** Tab leaves an editor as it leaves any other control; it accepts a completion while one is offered. */
export function letTabLeave(main) {
  const leave = (event) => {
    const completing = document.querySelector('.CodeMirror-hints');
    if (event.key === 'Tab' && event.target.closest('.CodeMirror') && !completing) event.stopPropagation();
  };
  main.addEventListener('keydown', leave, { capture: true });
}

/** Name each editor's input after the region it stands in, also those that are opened later. */
export function nameEditors(main) {
  const name = () => {
    for (const input of main.querySelectorAll('.CodeMirror textarea:not([aria-label])')) {
      input.setAttribute('aria-label', input.closest('section').getAttribute('aria-label'));
    }
  };
  new MutationObserver(name).observe(main, { childList: true, subtree: true });
}
