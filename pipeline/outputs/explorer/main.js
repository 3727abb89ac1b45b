// Start, filters, deep links, keyboard and print.

const PRINTED_ROWS = 1000;

function option(value, text) {
  const node = make('option', '', text);
  node.value = String(value);
  return node;
}

class Explorer {
  constructor(corpus) {
    this.corpus = corpus;
    this.reader = new Reader(corpus, (place) => this.writeHash(place));
    this.list = new ListView(corpus, (row) => this.openRow(row));
    this.list.onReset = () => this.apply();
    byId('demonstration').hidden = !corpus.demonstration;
    this.fillTabs();
    this.fillSelects();
    this.listen();
    this.show('values');
    this.route();
  }

  fillTabs() {
    byId('tabs').replaceChildren(...this.list.lists.map((list) => {
      const button = make('button', '', list.label);
      button.type = 'button';
      button.id = `tab-${list.id}`;
      button.setAttribute('role', 'tab');
      button.addEventListener('click', () => this.show(list.id));
      return button;
    }));
  }

  fillSelects() {
    const {documents, missing, indicators, themes} = this.corpus;
    const names = new Set(missing.name);
    const years = new Set(missing.year);
    documents.name.forEach((name, d) => {
      if (name) names.add(name);
      if (documents.year[d]) years.add(documents.year[d]);
    });
    byId('department').replaceChildren(option('', `全部${this.corpus.subject}`), ...[...names].sort(collator.compare).map((name) => option(name, name)));
    byId('year').replaceChildren(option('', '全部年度'), ...[...years].sort((a, b) => b - a).map((year) => option(year, `${year}年`)));
    byId('theme').replaceChildren(option(-1, '全部主题'), ...themes.map((name, at) => option(at, name)));
    const groups = themes.map((name, theme) => {
      const group = make('optgroup');
      group.label = name;
      group.append(...indicators.flatMap((indicator, at) => (indicator.theme === theme ? [option(at, indicator.name)] : [])));
      return group;
    }).filter((group) => group.childElementCount);
    const loose = indicators.flatMap((indicator, at) => (indicator.theme < 0 ? [option(at, indicator.name)] : []));
    byId('indicator').replaceChildren(option(-1, '全部指标'), ...groups, ...loose);
  }

  listen() {
    let waiting = 0;
    byId('search').addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(() => this.apply(), 120); });
    for (const id of ['department', 'year', 'indicator', 'theme', 'state', 'all']) byId(id).addEventListener('change', () => this.apply());
    byId('filters').addEventListener('submit', (event) => event.preventDefault());
    byId('filters').addEventListener('reset', () => setTimeout(() => this.show(this.list.list.id), 0));
    byId('close').addEventListener('click', () => this.close());
    byId('wide').addEventListener('click', () => this.layout(byId('main').classList.contains('reader-only') ? 'split' : 'reader-only'));
    byId('help-button').addEventListener('click', () => {
      byId('help').hidden = !byId('help').hidden;
      byId('help-button').setAttribute('aria-expanded', String(!byId('help').hidden));
    });
    byId('other').addEventListener('change', (event) => this.layout(Number(event.target.value) >= 0 ? 'reader-only' : 'split'));
    window.addEventListener('hashchange', () => this.route());
    document.addEventListener('keydown', (event) => this.onKey(event));
    window.addEventListener('beforeprint', () => this.preparePrint());
    window.addEventListener('afterprint', () => byId('print').replaceChildren());
  }

  onKey(event) {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === 'Escape') {
      if (!byId('reader').hidden) this.close(); else byId('search').focus();
    } else if (event.key === 'ArrowDown' && event.target.id === 'search') {
      event.preventDefault();
      byId('rows').focus();
      this.list.choose(Math.max(0, this.list.chosen));
    } else if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === '/') { event.preventDefault(); byId('search').focus(); }
      if (event.key === '[') this.reader.step(-1);
      if (event.key === ']') this.reader.step(1);
    }
  }

  show(id) {
    const list = this.list.lists.find((candidate) => candidate.id === id);
    this.list.list = list;
    this.list.order = null;
    for (const {id: other} of this.list.lists) byId(`tab-${other}`).setAttribute('aria-selected', String(other === id));
    byId('state').replaceChildren(option('', list.stateLabel), ...list.states.map(([code, label]) => option(code, label)));
    byId('state').value = list.firstState || '';
    byId('indicator').hidden = !list.hasIndicator;
    byId('theme').hidden = !list.hasTheme || !this.corpus.themes.length;
    byId('all-label').hidden = Boolean(list.showsAll);
    this.apply();
  }

  apply() {
    const words = byId('search').value.toLowerCase().split(/[\s　]+/).filter(Boolean);
    const wanted = {words, department: byId('department').value, year: byId('year').value, indicator: Number(byId('indicator').value),
      theme: Number(byId('theme').value), state: byId('state').value, all: byId('all').checked};
    this.list.filter(wanted);
    this.list.drawHead();
    this.tellCount(wanted);
  }

  tellCount(wanted) {
    const number = (value) => value.toLocaleString('zh-CN');
    const {list, shown} = this.list;
    let text = `${number(shown.length)} 条，共 ${number(this.list.all().length)} 条`;
    if (list.id === 'values' && wanted.state === ANSWERED) text += '；“未披露”与“缺报告”未列，可在“全部状态”中看';
    if (list.id === 'checks' && wanted.state === 'false') text += '；只列未通过的';
    if (this.corpus.leftOut) text += `；另有 ${number(this.corpus.leftOut)} 个文件因篇幅未收入本页`;
    byId('count').textContent = text;
  }

  openRow(row) {
    this.reader.open({d: row.d, start: row.start, end: row.end, other: row.other, row});
    this.layout(row.other ? 'reader-only' : byId('main').classList.contains('reader-only') ? 'reader-only' : 'split');
    // The text has its size only now.
    this.reader.open({d: row.d, start: row.start, end: row.end, other: row.other, row});
  }

  layout(mode) {
    byId('main').className = mode;
    byId('reader').hidden = mode === 'list-only';
    byId('wide').textContent = mode === 'reader-only' ? '显示列表' : '全屏';
    byId('wide').setAttribute('aria-pressed', String(mode === 'reader-only'));
    this.list.template();
    if (this.list.chosen >= 0) this.list.choose(this.list.chosen);
  }

  close() {
    this.layout('list-only');
    this.reader.forget();
    history.replaceState(null, '', location.pathname + location.search);
    byId('rows').focus();
  }

  writeHash({d, start, other, there}) {
    const {corpus} = this;
    const words = [`d=${corpus.documents.id[d]}`];
    if (start !== null) words.push(`s=${corpus.toCharacters(d, start)}`);
    if (other >= 0) words.push(`c=${corpus.documents.id[other]}`);
    if (other >= 0 && there !== null) words.push(`t=${corpus.toCharacters(other, there)}`);
    this.written = `#${words.join('&')}`;
    history.replaceState(null, '', this.written);
  }

  // #d=document&s=place[&c=other document&t=place] opens a report; #i=indicator lists its answers.
  route() {
    if (location.hash === this.written || !location.hash) return;
    const {corpus} = this;
    const wanted = new URLSearchParams(location.hash.slice(1));
    const indicator = corpus.indicators.findIndex(({id}) => id === wanted.get('i'));
    const place = (d, text) => (text !== null && /^\d+$/.test(text) ? corpus.toUnits(d, Number(text)) : null);
    if (indicator >= 0) {
      this.show('values');
      byId('indicator').value = String(indicator);
      byId('state').value = '';
      this.apply();
    }
    const id = wanted.get('d');
    if (id === null) return;
    if (!corpus.documentOf.has(id)) { byId('count').textContent = `本页没有编号为 ${id} 的文件`; return; }
    const d = corpus.documentOf.get(id);
    let start = place(d, wanted.get('s'));
    const [first, last] = corpus.valuesOf[d];
    let value;
    for (let at = first; at < last; at += 1) {
      if (corpus.values.i[at] === indicator || (indicator < 0 && start !== null && corpus.values.start[at] === start)) { value = at; break; }
    }
    if (start === null && value !== undefined) start = corpus.values.start[value];
    let end = value !== undefined && corpus.values.start[value] === start ? corpus.values.end[value] : start;
    const quantity = start === null ? -1 : corpus.lastUpTo(corpus.quantities.start, corpus.quantitiesOf[d], start);
    if (value === undefined && quantity >= 0 && corpus.quantities.start[quantity] === start) end = corpus.quantities.end[quantity];
    const other = corpus.documentOf.get(wanted.get('c'));
    const target = {d, start, end, value, other: other === undefined ? undefined : {d: other, start: place(other, wanted.get('t'))}};
    this.narrow(d, value, indicator);
    this.layout(target.other ? 'reader-only' : 'split');
    this.reader.open(target);
    // The list stands beside the text only now, and its chosen row comes into view.
    if (this.list.chosen >= 0) this.list.choose(this.list.chosen);
  }

  // The list beside a report that a link opened shows that report, the linked row chosen.
  narrow(d, value, indicator) {
    const {corpus} = this;
    if (this.list.list.id !== 'values') this.show('values');
    byId('department').value = corpus.documents.name[d] || '';
    byId('year').value = corpus.documents.year[d] ? String(corpus.documents.year[d]) : '';
    byId('indicator').value = String(indicator);
    byId('state').value = value === undefined || corpus.values.state[value] === 'not_disclosed' ? '' : ANSWERED;
    if (!corpus.documents.compared[d]) byId('all').checked = true;
    this.apply();
    if (value === undefined) return;
    const at = this.list.shown.findIndex((row) => row.d === d && row.indicator === corpus.values.i[value]);
    if (at >= 0) this.list.choose(at);
  }

  // Printing the list means all of it, not the rows on the screen.
  preparePrint() {
    if (!byId('reader').hidden) return;
    const {list, shown} = this.list;
    const table = make('table');
    const head = make('thead');
    const titles = make('tr');
    titles.append(...list.columns.map((column) => make('th', column.width.endsWith('px') ? 'short' : '', column.title)));
    head.append(titles);
    const body = make('tbody');
    for (const row of shown.slice(0, PRINTED_ROWS)) {
      const line = make('tr');
      line.append(...list.columns.map((column) => make('td', column.width.endsWith('px') ? 'short' : '', column.key(row) ?? '')));
      body.append(line);
    }
    table.append(head, body);
    const nodes = [table];
    if (shown.length > PRINTED_ROWS) nodes.unshift(make('p', '', `只打印前 ${PRINTED_ROWS} 条，共 ${shown.length} 条；请先筛选。`));
    byId('print').replaceChildren(...nodes);
  }
}

async function start() {
  const problem = (text) => { byId('count').replaceWith(make('p', 'problem', text)); };
  if (typeof DecompressionStream === 'undefined') {
    problem('浏览器太旧，不能展开本页的数据。请用 Chrome 或 Edge 80、Firefox 113、Safari 16.4 以上的版本。');
    return;
  }
  try {
    const data = await decode(byId('data').textContent);
    byId('data').remove();
    window.explorer = new Explorer(new Corpus(data));
    document.body.dataset.ready = 'yes';
  } catch (error) {
    problem(`数据不能展开：${error.message}`);
    throw error;
  }
}

start();
