export interface TipLine {
  arm: string;
  color: string;
  text: string;
  x: number;
}

/** A tooltip as an element: names come from a spec that the page does not trust, so none of them passes through markup. */
export function tipElement(head: string, lines: readonly TipLine[]): HTMLElement {
  const root = document.createElement('div');
  if (head) {
    const title = document.createElement('div');
    title.className = 'tip-head';
    title.textContent = head;
    root.append(title);
  }
  for (const line of lines) {
    const item = document.createElement('div');
    const mark = document.createElement('span');
    mark.className = 'tip-mark';
    mark.style.background = line.color;
    const name = document.createElement('b');
    name.textContent = line.arm;
    item.append(mark, name, ` ${line.text}`);
    root.append(item);
  }
  return root;
}
