// A report as text: paragraphs, headings and sentences as spans that know where they stand.

class TextView {
  constructor(corpus, article) {
    this.corpus = corpus;
    this.article = article;
    this.spans = [];
    this.marked = [];
  }

  // Paragraphs of a report. Every piece of text is a span that knows where it stands.
  fill(d, pairs, side) {
    const {documents, blocks, sentences, sections, reuse} = this.corpus;
    // A sentence may be both recycled and an answer to a plan; what was recycled shows its changes, so it comes first.
    const pairOf = new Map([...pairs].reverse().map((pair) => [side === 0 ? pair.a : pair.b, pair]));
    this.spans = [];
    this.marked = [];
    const head = make('h3', '', documents.title[d] || this.corpus.fullName(d));
    head.append(make('small', '', [this.corpus.fullName(d), documents.number[d], documents.path[d]].filter(Boolean).join('　')));
    const nodes = [head];
    const parts = this.partsOf(d);
    let next = 0;
    let page = null;
    const [first, last] = this.corpus.blocksOf[d];
    const lines = first < last ? null : this.linesOf(d);
    for (let at = lines ? 0 : first; at < (lines ? lines.length : last); at += 1) {
      const [from, to, kind] = lines ? [...lines[at], 'paragraph'] : [blocks.start[at], blocks.end[at], blocks.kind[at]];
      const paragraph = make('p', kind === 'paragraph' ? '' : kind);
      if (!lines && blocks.page[at] !== page && blocks.page[at] !== null) {
        page = blocks.page[at];
        paragraph.append(make('span', 'page', `第${page}页`));
      }
      let position = from;
      while (next < parts.length && parts[next].end <= from) next += 1;
      for (let part = next; part < parts.length && parts[part].start < to; part += 1) {
        const begin = Math.max(parts[part].start, position);
        const end = Math.min(parts[part].end, to);
        if (begin >= end) continue;
        if (position < begin) paragraph.append(this.piece(d, position, begin, 'gap'));
        const span = this.piece(d, begin, end, parts[part].kind);
        if (parts[part].kind === 'sentence') this.dress(span, parts[part].row, pairOf, side);
        paragraph.append(span);
        position = end;
      }
      if (position < to) paragraph.append(this.piece(d, position, to, 'gap'));
      nodes.push(paragraph);
    }
    if (!sentences.d.length && !sections.d.length && !reuse.s.length) nodes.push(make('p', '', '（没有切分出句子）'));
    this.article.replaceChildren(...nodes);
    this.article.scrollTop = 0;
    this.article.setAttribute('aria-label', this.corpus.fullName(d));
  }

  // Lines of a text whose paragraphs are not in the tables.
  linesOf(d) {
    const lines = [];
    let at = 0;
    for (const line of this.corpus.documents.text[d].split('\n')) {
      if (line) lines.push([at, at + line.length]);
      at += line.length + 1;
    }
    return lines;
  }

  // Headings and sentences in the order of the text.
  partsOf(d) {
    const {sections, sentences} = this.corpus;
    const parts = [];
    const [firstSection, lastSection] = this.corpus.sectionsOf[d];
    for (let at = firstSection; at < lastSection; at += 1) {
      if (sections.level[at] > 0 && sections.body[at] > sections.start[at]) {
        parts.push({start: sections.start[at], end: sections.body[at], kind: 'heading', row: at});
      }
    }
    const [first, last] = this.corpus.sentencesOf[d];
    for (let s = first; s < last; s += 1) parts.push({start: sentences.start[s], end: sentences.end[s], kind: 'sentence', row: s});
    return parts.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  piece(d, start, end, kind) {
    const span = make('span', kind);
    span.place = {d, start, end, evidence: null, differs: []};
    this.spans.push(span);
    this.write(span);
    return span;
  }

  // The words of a span, with its quantities, the marked evidence and what differs from its pair.
  write(span) {
    const {d, start, end, evidence, differs} = span.place;
    const {quantities, documents} = this.corpus;
    const [first, last] = this.corpus.quantitiesOf[d];
    const marks = differs.map(([from, to]) => [from, to, 'differs', -1]);
    let at = this.corpus.lastUpTo(quantities.start, [first, last], start);
    for (at = at < 0 ? first : at; at < last && quantities.start[at] < end; at += 1) {
      if (quantities.end[at] > start) marks.push([quantities.start[at], quantities.end[at], 'quantity', at]);
    }
    if (evidence) marks.push([evidence[0], evidence[1], 'evidence', -1]);
    const cuts = new Set([start, end]);
    for (const [from, to] of marks) for (const cut of [from, to]) if (cut > start && cut < end) cuts.add(cut);
    const places = [...cuts].sort((a, b) => a - b);
    const nodes = [];
    for (let i = 0; i + 1 < places.length; i += 1) {
      const text = documents.text[d].slice(places[i], places[i + 1]);
      const here = marks.filter(([from, to]) => from <= places[i] && to >= places[i + 1]);
      if (!here.length) { nodes.push(text); continue; }
      const node = make('span', here.map((mark) => mark[2]).join(' '), text);
      const quantity = here.find((mark) => mark[3] >= 0);
      if (quantity) node.dataset.quantity = String(quantity[3]);
      nodes.push(node);
    }
    span.replaceChildren(...nodes);
  }

  // What a sentence has beside its words: its source, its pair.
  dress(span, s, pairOf, side) {
    const {reuse, sentences} = this.corpus;
    span.dataset.s = String(s);
    const row = this.corpus.reuseBySentence.get(s);
    if (row !== undefined) {
      const source = reuse.t[row];
      span.classList.add('reused', reuse.relation[row] || 'earlier_year');
      span.tabIndex = 0;
      if (source !== null) {
        span.title = `沿用自 ${this.corpus.fullName(sentences.d[source])}，${reuse.verbatim[row] ? '逐字相同' : `相似度 ${Number(reuse.similarity[row]).toFixed(2)}`}`;
      }
    }
    const pair = pairOf.get(s);
    if (pair) {
      span.classList.add('paired');
      span.tabIndex = 0;
      span.title = `${pair.label}：点按两边对齐`;
      span.place.differs = pair.spans[side].map(([from, to]) => [sentences.start[s] + from, sentences.start[s] + to]);
      this.write(span);
    }
  }

  // Mark the spans between two places, within them the evidence itself, and bring them into view.
  mark(start, end) {
    for (const span of this.marked) {
      span.classList.remove('here');
      if (span.place.evidence) { span.place.evidence = null; this.write(span); }
    }
    this.marked = [];
    if (start === null) return;
    this.marked = this.spans.filter(({place}) => place.start < Math.max(end, start + 1) && place.end > start);
    for (const span of this.marked) {
      span.classList.add('here');
      if (end > start && (start > span.place.start || end < span.place.end)) {
        span.place.evidence = [start, end];
        this.write(span);
      }
    }
    if (this.marked.length) this.scrollTo(this.marked[0], this.article.clientHeight * 0.3);
  }

  scrollTo(node, below) {
    this.article.scrollTop += this.heightOf(node) - below;
  }

  // How far below the upper edge of the view a node stands.
  heightOf(node) { return node.getBoundingClientRect().top - this.article.getBoundingClientRect().top; }

  // Start of the text at a height of the view.
  placeAt(height) {
    const span = this.spans.find((candidate) => this.heightOf(candidate) + candidate.getBoundingClientRect().height > height);
    return span ? span.place.start : null;
  }

  clear() {
    this.spans = [];
    this.marked = [];
    this.article.replaceChildren();
  }
}
