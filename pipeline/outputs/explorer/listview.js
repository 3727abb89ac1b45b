// A list on the screen: filter, order, keyboard, and the scrolling that draws only visible rows.

const ROW_HEIGHT = 35;
const EXTRA_ROWS = 8;
const collator = new Intl.Collator('zh-CN', {numeric: true});

// Text with the searched words marked.
function marked(text, words) {
  const span = make('span');
  if (!words.length) { span.textContent = text; return span; }
  const lower = text.toLowerCase();
  let at = 0;
  while (at < text.length) {
    let next = -1;
    let length = 0;
    for (const word of words) {
      const found = lower.indexOf(word, at);
      if (found >= 0 && (next < 0 || found < next || (found === next && word.length > length))) { next = found; length = word.length; }
    }
    if (next < 0) break;
    span.append(text.slice(at, next), make('mark', '', text.slice(next, next + length)));
    at = next + length;
  }
  span.append(text.slice(at));
  return span;
}

class ListView {
  constructor(corpus, onOpen) {
    this.lists = makeLists(corpus);
    this.onOpen = onOpen;
    this.rowsNode = byId('rows');
    this.space = byId('space');
    this.list = this.lists[0];
    this.shown = [];
    this.chosen = -1;
    this.words = [];
    this.order = null;
    this.rowsNode.addEventListener('scroll', () => requestAnimationFrame(() => this.draw()));
    new ResizeObserver(() => this.draw()).observe(this.rowsNode);
    this.space.addEventListener('click', (event) => {
      const node = event.target.closest('.row');
      if (node) this.open(Number(node.dataset.at));
    });
    this.rowsNode.addEventListener('keydown', (event) => this.onKey(event));
  }

  all() {
    if (!this.list.built) this.list.built = this.list.rows();
    return this.list.built;
  }

  haystack(row) {
    if (row.haystack === undefined) {
      row.haystack = this.list.columns.map((column) => column.key(row) ?? '').join('\n').toLowerCase();
    }
    return row.haystack;
  }

  filter(wanted) {
    this.words = wanted.words;
    const {list} = this;
    this.shown = this.all().filter((row) => (wanted.all || row.compared || list.showsAll)
      && (!wanted.department || row.name === wanted.department)
      && (!wanted.year || String(row.year) === wanted.year)
      && (wanted.indicator < 0 || !list.hasIndicator || row.indicator === wanted.indicator || row.state === 'missing')
      && (wanted.theme < 0 || !list.hasTheme || row.themes.includes(wanted.theme))
      && (!wanted.state || list.takes(row, wanted.state))
      && wanted.words.every((word) => this.haystack(row).includes(word)));
    this.chosen = -1;
    this.sort();
    this.rowsNode.scrollTop = 0;
    this.draw();
  }

  sort() {
    if (!this.order) return;
    const column = this.list.columns[this.order.column];
    const key = column.sortKey || column.key;
    const sign = this.order.descending ? -1 : 1;
    this.shown.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      const [noX, noY] = [x === null || x === undefined || x === '', y === null || y === undefined || y === ''];
      if (noX || noY) return noX - noY;
      return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(x, y));
    });
  }

  drawHead() {
    const columns = this.list.columns;
    byId('head').replaceChildren(...columns.map((column, at) => {
      const button = make('button', `${column.number ? 'number' : ''}${column.wide ? ' only-wide' : ''}${column.show && !column.number ? ' tagged' : ''}`, column.title);
      button.type = 'button';
      const order = this.order && this.order.column === at ? this.order : null;
      button.setAttribute('aria-label', `按${column.title}排序`);
      button.setAttribute('aria-sort', order ? (order.descending ? 'descending' : 'ascending') : 'none');
      if (order) button.textContent += order.descending ? ' ↓' : ' ↑';
      button.addEventListener('click', () => {
        this.order = order && order.descending ? null : {column: at, descending: Boolean(order)};
        if (this.order) { this.sort(); this.drawHead(); this.draw(); } else this.onReset();
      });
      return button;
    }));
    this.template();
  }

  // Columns that stand only beside no reader give their room to the text.
  template() {
    const isSplit = byId('main').classList.contains('split');
    const widths = this.list.columns.filter((column) => !(isSplit && column.wide)).map((column) => column.width).join(' ');
    byId('head').style.gridTemplateColumns = widths;
    this.widths = widths;
    this.draw();
  }

  draw() {
    this.space.style.height = `${this.shown.length * ROW_HEIGHT}px`;
    this.rowsNode.setAttribute('aria-rowcount', String(this.shown.length));
    const first = Math.max(0, Math.floor(this.rowsNode.scrollTop / ROW_HEIGHT) - EXTRA_ROWS);
    const last = Math.min(this.shown.length, Math.ceil((this.rowsNode.scrollTop + this.rowsNode.clientHeight) / ROW_HEIGHT) + EXTRA_ROWS);
    const nodes = [];
    for (let at = first; at < last; at += 1) nodes.push(this.drawRow(at));
    this.space.replaceChildren(...nodes);
    if (this.chosen >= 0) this.rowsNode.setAttribute('aria-activedescendant', `row-${this.chosen}`);
    else this.rowsNode.removeAttribute('aria-activedescendant');
  }

  drawRow(at) {
    const row = this.shown[at];
    const node = make('div', at === this.chosen ? 'row chosen' : 'row');
    node.id = `row-${at}`;
    node.dataset.at = String(at);
    node.setAttribute('role', 'row');
    node.setAttribute('aria-rowindex', String(at + 1));
    if (at === this.chosen) node.setAttribute('aria-selected', 'true');
    node.style.top = `${at * ROW_HEIGHT}px`;
    node.style.gridTemplateColumns = this.widths;
    for (const column of this.list.columns) {
      const cell = make('span', `${column.number ? 'number' : ''}${column.quiet ? ' quiet' : ''}${column.wide ? ' only-wide' : ''}`);
      cell.setAttribute('role', 'gridcell');
      const special = column.show ? column.show(row) : undefined;
      const text = String(column.key(row) ?? '');
      cell.append(special || (column.isText ? this.excerpt(text) : text));
      cell.title = text;
      node.append(cell);
    }
    return node;
  }

  // A long text starts shortly before the first word that was searched for.
  excerpt(text) {
    const places = this.words.map((word) => text.toLowerCase().indexOf(word)).filter((place) => place >= 0);
    const from = places.length ? Math.min(...places) - 18 : 0;
    return marked(from > 10 ? `…${text.slice(from)}` : text, this.words);
  }

  onKey(event) {
    const page = Math.max(1, Math.floor(this.rowsNode.clientHeight / ROW_HEIGHT) - 1);
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
    if (event.key in steps) {
      event.preventDefault();
      this.choose(Math.min(this.shown.length - 1, Math.max(0, this.chosen + steps[event.key])));
    } else if (event.key === 'Enter' && this.chosen >= 0) {
      event.preventDefault();
      this.open(this.chosen);
    }
  }

  choose(at) {
    if (!this.shown.length) return;
    this.chosen = at;
    const top = at * ROW_HEIGHT;
    if (top < this.rowsNode.scrollTop) this.rowsNode.scrollTop = top;
    else if (top + ROW_HEIGHT > this.rowsNode.scrollTop + this.rowsNode.clientHeight) {
      this.rowsNode.scrollTop = top + ROW_HEIGHT - this.rowsNode.clientHeight;
    }
    this.draw();
  }

  open(at) {
    this.choose(at);
    const row = this.shown[at];
    if (row && row.d >= 0) this.onOpen(row);
  }
}
