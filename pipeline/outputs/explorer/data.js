// Decoding the data, and the look-ups that lists and reader share. Positions are UTF-16 units in the document's text.

const byId = (id) => document.getElementById(id);

// Text from reports only ever enters the page as textContent.
function make(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = String(text);
  return node;
}

async function decode(base64) {
  const binary = atob(base64.trim());
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

// Rows of a table stand document by document: [first, last) of each.
function rangesOf(table, count) {
  const ranges = Array.from({length: count}, () => [0, 0]);
  for (let at = 0; at < table.d.length; at += 1) {
    const range = ranges[table.d[at]];
    if (range[1] === 0) range[0] = at;
    range[1] = at + 1;
  }
  return ranges;
}

class Corpus {
  constructor(data) {
    Object.assign(this, data);
    const count = data.documents.id.length;
    this.count = count;
    this.sectionsOf = rangesOf(data.sections, count);
    this.blocksOf = rangesOf(data.blocks, count);
    this.sentencesOf = rangesOf(data.sentences, count);
    this.quantitiesOf = rangesOf(data.quantities, count);
    this.valuesOf = rangesOf(data.values, count);
    this.documentOf = new Map();
    data.documents.id.forEach((id, d) => { if (data.documents.status[d] === 'ok') this.documentOf.set(id, d); });
    this.themesBySentence = new Map();
    data.themesOf.s.forEach((s, at) => {
      if (!this.themesBySentence.has(s)) this.themesBySentence.set(s, []);
      this.themesBySentence.get(s).push(data.themesOf.theme[at]);
    });
    this.reuseBySentence = new Map();
    data.reuse.s.forEach((s, at) => this.reuseBySentence.set(s, at));
  }

  name(d) { return this.documents.name[d] || this.documents.department[d] || this.documents.path[d]; }

  fullName(d) {
    const year = this.documents.year[d];
    return year ? `${this.name(d)}　${year}年度` : this.name(d);
  }

  sentenceText(s) {
    if (s === null || s === undefined) return '';
    return this.documents.text[this.sentences.d[s]].slice(this.sentences.start[s], this.sentences.end[s]);
  }

  // Last row in [first, last) of a column that is not above `value`; -1 where there is none.
  lastUpTo(column, range, value) {
    let low = range[0];
    let high = range[1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (column[middle] <= value) low = middle + 1; else high = middle;
    }
    return low > range[0] ? low - 1 : -1;
  }

  sentenceAt(d, position) {
    if (position === null) return null;
    const s = this.lastUpTo(this.sentences.start, this.sentencesOf[d], position);
    return s >= 0 && position < this.sentences.end[s] ? s : null;
  }

  // 第3页第4段, as far as the tables know.
  place(d, position) {
    if (position === null) return '';
    const block = this.lastUpTo(this.blocks.start, this.blocksOf[d], position);
    if (block < 0) return '';
    const page = this.blocks.page[block];
    return `${page ? `第${page}页` : ''}第${this.blocks.no[block]}段`;
  }

  // Headings around a place, outermost first.
  path(d, position) {
    const titles = [];
    const [first, last] = this.sectionsOf[d];
    for (let at = first; at < last; at += 1) {
      if (this.sections.level[at] > 0 && this.sections.start[at] <= position && position < this.sections.end[at]) {
        titles.push(`${this.sections.label[at] || ''}${this.sections.heading[at] || ''}`);
      }
    }
    return titles.join(' › ');
  }

  // A place as the tables count it (characters) in UTF-16 units, and back.
  toUnits(d, position) { return position + this.documents.wide[d].filter((wide) => wide < position).length; }

  toCharacters(d, position) {
    return position - this.documents.wide[d].filter((wide, at) => wide + at < position).length;
  }
}

// Pieces of two sentences that are not in the other; a number counts as one piece.
function differences(a, b) {
  const pieces = (text) => [...text.matchAll(/[0-9０-９]+(?:[.,．][0-9０-９]+)*|[^]/gu)];
  const left = pieces(a);
  const right = pieces(b);
  const width = right.length + 1;
  const longest = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = left[i][0] === right[j][0]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const spans = [[], []];
  const add = (side, piece) => {
    const last = spans[side][spans[side].length - 1];
    const end = piece.index + piece[0].length;
    if (last && last[1] === piece.index) last[1] = end; else spans[side].push([piece.index, end]);
  };
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i][0] === right[j][0]) { i += 1; j += 1; }
    else if (j >= right.length || (i < left.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) add(0, left[i++]);
    else add(1, right[j++]);
  }
  return spans;
}
