// The reader: a whole report with its outline, one place marked; or two reports side by side, their pairs aligned.

class Reader {
  constructor(corpus, onChange) {
    this.corpus = corpus;
    this.onChange = onChange;
    this.left = new TextView(corpus, byId('left'));
    this.right = new TextView(corpus, byId('right'));
    this.d = -1;
    this.other = -1;
    this.at = null;
    this.pairs = [];
    for (const view of [this.left, this.right]) {
      view.article.addEventListener('click', (event) => this.onClick(event, view));
      view.article.addEventListener('keydown', (event) => { if (event.key === 'Enter') this.onClick(event, view); });
    }
    this.left.article.addEventListener('scroll', () => requestAnimationFrame(() => this.markSection()));
    byId('other').addEventListener('change', (event) => {
      const value = Number(event.target.value);
      this.open({d: this.d, start: this.at, other: value >= 0 ? {d: value, start: null} : undefined, keep: true});
    });
    byId('previous').addEventListener('click', () => this.step(-1));
    byId('next').addEventListener('click', () => this.step(1));
  }

  // `target`: document, place to mark, perhaps another document to lay beside it, and words about the place.
  open(target) {
    const {d} = target;
    const other = target.other ? target.other.d : -1;
    if (d !== this.d || other !== this.other) {
      this.d = d;
      this.other = other;
      this.pairs = other >= 0 ? this.findPairs(d, other) : [];
      this.left.fill(d, this.pairs, 0);
      if (other >= 0) this.right.fill(other, this.pairs, 1); else this.right.clear();
      this.right.article.hidden = other < 0;
      byId('texts').classList.toggle('pair', other >= 0);
      this.fillOutline();
      this.fillOthers();
      byId('bar-title').textContent = this.corpus.fullName(d);
    }
    const start = target.start ?? null;
    this.at = start;
    this.left.mark(start, target.end ?? start);
    this.right.mark(null, null);
    if (other >= 0) {
      const there = target.other.start ?? this.partnerOf(start);
      if (there !== null) this.right.mark(there, there);
      this.align();
    }
    this.describe(target);
    this.onChange({d, start, other, there: target.other ? target.other.start ?? null : null});
  }

  findPairs(d, other) {
    const {sentences, reuse, commitments, labels} = this.corpus;
    const pairs = [];
    const add = (here, there, label, isVerbatim) => {
      if (there === null) return;
      if (sentences.d[here] === d && sentences.d[there] === other) pairs.push({a: here, b: there, label, isVerbatim});
      else if (sentences.d[here] === other && sentences.d[there] === d) pairs.push({a: there, b: here, label, isVerbatim});
    };
    reuse.s.forEach((s, at) => add(s, reuse.t[at], reuse.verbatim[at] ? '逐字相同' : '沿用并改动', reuse.verbatim[at]));
    const reused = pairs.length;
    commitments.s.forEach((s, at) => add(s, commitments.t[at], `承诺：${labels.outcome[commitments.outcome[at]] || ''}`, true));
    pairs.forEach((pair, at) => {
      pair.spans = pair.isVerbatim || at >= reused ? [[], []]
        : differences(this.corpus.sentenceText(pair.a), this.corpus.sentenceText(pair.b));
    });
    return pairs.sort((x, y) => x.a - y.a);
  }

  partnerOf(start) {
    if (start === null) return null;
    const {sentences} = this.corpus;
    const s = this.corpus.sentenceAt(this.d, start);
    const pair = this.pairs.find((candidate) => candidate.a === s);
    return pair ? sentences.start[pair.b] : null;
  }

  // Both marked sentences at the same height.
  align() {
    const [here, there] = [this.left.marked[0], this.right.marked[0]];
    if (!here || !there) return;
    this.left.scrollTo(here, this.left.article.clientHeight * 0.3);
    this.right.scrollTo(there, this.left.heightOf(here));
  }

  onClick(event, view) {
    const {sentences, reuse} = this.corpus;
    const quantity = event.target.closest('.quantity');
    const sentence = event.target.closest('.sentence');
    if (quantity) { this.describeQuantity(Number(quantity.dataset.quantity)); if (!sentence || !sentence.classList.contains('paired')) return; }
    if (!sentence || sentence.dataset.s === undefined) return;
    const s = Number(sentence.dataset.s);
    const pair = this.pairs.find((candidate) => (view === this.left ? candidate.a : candidate.b) === s);
    if (pair) {
      this.open({d: this.d, start: sentences.start[pair.a], end: sentences.end[pair.a], pair,
        other: {d: this.other, start: sentences.start[pair.b]}});
      return;
    }
    const row = this.corpus.reuseBySentence.get(s);
    const source = row === undefined ? null : reuse.t[row];
    if (source !== null && view === this.left) {
      this.open({d: this.d, start: sentences.start[s], other: {d: sentences.d[source], start: sentences.start[source]}});
    }
  }

  // The next or previous pair, or, alone, the next answer.
  step(by) {
    const {sentences, values} = this.corpus;
    if (this.d < 0) return;
    const stops = [];
    if (this.other >= 0 && this.pairs.length) {
      for (const pair of this.pairs) {
        stops.push({start: sentences.start[pair.a], end: sentences.end[pair.a], pair, other: {d: this.other, start: sentences.start[pair.b]}});
      }
    } else {
      const [first, last] = this.corpus.valuesOf[this.d];
      for (let at = first; at < last; at += 1) {
        if (values.start[at] !== null) stops.push({start: values.start[at], end: values.end[at], value: at});
      }
    }
    stops.sort((a, b) => a.start - b.start);
    if (!stops.length) return;
    const here = this.at ?? -1;
    const stop = by > 0 ? stops.find(({start}) => start > here) || stops[0] : stops.filter(({start}) => start < here).pop() || stops[stops.length - 1];
    this.open({d: this.d, ...stop, other: stop.other || (this.other >= 0 ? {d: this.other, start: null} : undefined)});
  }

  fillOutline() {
    const {sections, values, indicators} = this.corpus;
    const outline = byId('outline');
    const nodes = [make('h2', '', '章节')];
    this.outlineButtons = [];
    const [first, last] = this.corpus.sectionsOf[this.d];
    for (let at = first; at < last; at += 1) {
      if (sections.level[at] < 1 || sections.level[at] > 4) continue;
      const button = make('button', `level-${sections.level[at]}`, `${sections.label[at] || ''}${sections.heading[at] || ''}`);
      button.type = 'button';
      button.addEventListener('click', () => this.open({d: this.d, start: sections.start[at], end: sections.start[at], keep: true,
        other: this.other >= 0 ? {d: this.other, start: null} : undefined}));
      this.outlineButtons.push([sections.start[at], button]);
      nodes.push(button);
    }
    nodes.push(make('h2', '', '指标'));
    const [firstValue, lastValue] = this.corpus.valuesOf[this.d];
    for (let at = firstValue; at < lastValue; at += 1) {
      if (values.state[at] === 'not_disclosed') continue;
      const button = make('button', 'answer');
      button.type = 'button';
      button.append(make('span', '', indicators[values.i[at]].name), values.state[at] === 'value' ? make('span', '', values.shown[at])
        : tag(values.shown[at], values.state[at]));
      button.addEventListener('click', () => this.open({d: this.d, start: values.start[at], end: values.end[at], value: at}));
      nodes.push(button);
    }
    outline.replaceChildren(...nodes);
  }

  markSection() {
    if (this.d < 0 || this.other >= 0) return;
    const place = this.left.placeAt(this.left.article.clientHeight * 0.32);
    let here = null;
    for (const [start, button] of this.outlineButtons) {
      button.classList.remove('here');
      if (place !== null && start <= place) here = button;
    }
    if (here) here.classList.add('here');
  }

  // Reports worth laying beside this one: sources first, then the same department, then the same year.
  fillOthers() {
    const {corpus, d} = this;
    const {documents, reuse, sentences} = corpus;
    const counts = [new Map(), new Map()];
    reuse.s.forEach((s, at) => {
      const t = reuse.t[at];
      if (t === null) return;
      const [from, to] = [sentences.d[s], sentences.d[t]];
      if (from === d) counts[0].set(to, (counts[0].get(to) || 0) + 1);
      if (to === d) counts[1].set(from, (counts[1].get(from) || 0) + 1);
    });
    const select = byId('other');
    const option = (value, text) => { const node = make('option', '', text); node.value = String(value); return node; };
    const group = (label, items) => {
      if (!items.length) return [];
      const node = make('optgroup');
      node.label = label;
      node.append(...items);
      return [node];
    };
    const counted = (map) => [...map].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([doc, n]) => option(doc, `${corpus.fullName(doc)}（${n} 句）`));
    const alike = (test) => documents.id.map((_, doc) => doc)
      .filter((doc) => doc !== d && documents.status[doc] === 'ok' && test(doc)).map((doc) => option(doc, corpus.fullName(doc)));
    select.replaceChildren(option(-1, '不并排'), ...group('沿用自', counted(counts[0])), ...group('被沿用于', counted(counts[1])),
      ...group(`同${corpus.subject}`, alike((doc) => documents.department[doc] && documents.department[doc] === documents.department[d])),
      ...group('同年度', alike((doc) => documents.year[doc] && documents.year[doc] === documents.year[d])));
    select.value = String(this.other);
    if (select.selectedIndex < 0) {
      select.append(option(this.other, corpus.fullName(this.other)));
      select.value = String(this.other);
    }
  }

  describe(target) {
    const {corpus} = this;
    const words = [];
    const name = (text) => words.push(make('span', 'name', text));
    const plain = (text) => { if (text) words.push(make('span', '', text)); };
    if (target.value !== undefined) {
      const {values, indicators} = corpus;
      const at = target.value;
      name(`${indicators[values.i[at]].name}：${values.shown[at]}`);
      plain(values.approx[at] && values.approx[at] !== 'exact' ? approxWord(corpus.labels, values.approx[at], values.low[at], values.high[at], values.shown[at]) : '');
      plain(values.toDate[at] ? `截至${values.toDate[at]}` : '');
      plain(values.why[at]);
    } else if (target.row) {
      const {row} = target;
      if (row.indicatorName) name(`${row.indicatorName}：${row.shown}`);
      else if (row.check) name(`${row.check}：${row.result}`);
      else if (row.shown) name(row.shown);
      else if (row.answer !== undefined) name(`次年${corpus.labels.outcome[row.state] || row.state}`);
      plain(row.toDate ? `截至${row.toDate}` : '');
      plain(row.check ? row.text : row.why);
      plain(row.basis ? `依据：${row.basis}` : '');
    } else if (target.pair) {
      name(target.pair.label);
    } else if (this.other >= 0) {
      name(`${corpus.fullName(this.d)}　与　${corpus.fullName(this.other)}`);
    }
    if (this.other >= 0) plain(`${this.pairs.length} 对句子相对应，按 [ ] 逐对查看`);
    const start = target.start ?? null;
    if (start !== null) {
      const where = [corpus.place(this.d, start), corpus.path(this.d, start)].filter(Boolean).join('　');
      words.push(make('span', 'quiet', where));
    }
    byId('detail').replaceChildren(...words.flatMap((node) => [node, '　']));
  }

  describeQuantity(at) {
    const {quantities, labels, documents} = this.corpus;
    const text = documents.text[quantities.d[at]].slice(quantities.start[at], quantities.end[at]);
    const bounds = quantities.low[at] === quantities.high[at] && quantities.low[at] !== null ? String(quantities.low[at])
      : `${quantities.low[at] ?? '（未说明）'} 至 ${quantities.high[at] ?? '（未说明）'}`;
    byId('detail').replaceChildren(make('span', 'name', text), '　', [
      quantities.object[at], bounds, approxWord(labels, quantities.approx[at], quantities.low[at], quantities.high[at], text), labels.claim[quantities.claim[at]],
      quantities.toDate[at] ? `截至${quantities.toDate[at]}` : ''].filter(Boolean).join('　'));
  }

  forget() {
    this.d = -1;
    this.other = -1;
    this.at = null;
  }
}
