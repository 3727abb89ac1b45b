// The lists: what rows each has, and how a row is worded.

const ANSWERED = '*answered';

function tag(word, kind) { return make('span', `tag ${kind}`, word); }

function baseRow(corpus, d) {
  const documents = corpus.documents;
  return {d, name: corpus.name(d), year: documents.year[d], compared: documents.compared[d], indicator: -1, themes: [], state: '',
    start: null, end: null, text: ''};
}

// How a number is stated: 80余 has both ends, 200以上 only one (90%以上 ends at 100 by nature).
function approxWord(labels, approx, low, high, words) {
  if (approx === 'over' && words.endsWith('以上')) return '只知下限';
  if (approx && approx !== 'exact' && (low === null) !== (high === null)) return low === null ? '只知上限' : '只知下限';
  return labels.approx[approx];
}

const nameColumnOf = (corpus) => ({title: corpus.subject, width: 'minmax(70px, 150px)', key: (row) => row.name});
const yearColumn = {title: '年度', width: '46px', key: (row) => row.year};
const placeColumn = (corpus) => ({title: '位置', width: '96px', quiet: true, wide: true,
  key: (row) => (row.start === null ? '' : corpus.place(row.d, row.start)), sortKey: (row) => row.start});
const textColumn = (title, wide = false) => ({title, width: 'minmax(90px, 3fr)', wide, isText: true, key: (row) => row.text});

function makeLists(corpus) {
  const {labels} = corpus;
  const nameColumn = nameColumnOf(corpus);
  const options = (names) => Object.entries(names);
  // Among values, whether a number is exact says more than that there is one.
  const isApproximate = (row) => row.state === 'value' && row.approx && row.approx !== 'exact';
  const stateWord = (row) => (row.state === 'value' ? approxWord(labels, row.approx || 'exact', row.low, row.high, row.shown) : labels.state[row.state]) || row.state;
  const state = (row) => tag(stateWord(row), isApproximate(row) ? 'approximate' : row.state);
  const missingRows = () => corpus.missing.name.map((name, at) => ({...baseRow(corpus, -1), name, year: corpus.missing.year[at],
    compared: true, state: 'missing', shown: '—'}));
  return [
    {
      id: 'values', label: '指标值', states: [[ANSWERED, '已作答（含0、不适用）'], ...options(labels.state)], firstState: ANSWERED,
      stateLabel: '全部状态', takes: (row, wanted) => (wanted === ANSWERED ? row.state !== 'not_disclosed' && row.state !== 'missing' : row.state === wanted),
      hasIndicator: true, hasTheme: true,
      columns: [nameColumn, yearColumn,
        {title: '指标', width: 'minmax(84px, 1.4fr)', key: (row) => row.indicatorName},
        {title: '状态', width: '80px', wide: true, key: stateWord, show: state},
        {title: '数值', width: '104px', number: true, key: (row) => row.shown, sortKey: (row) => row.low,
          show: (row) => (row.state === 'value' && !isApproximate(row) ? undefined : tag(row.shown, isApproximate(row) ? 'approximate' : row.state))},
        textColumn('原文', true), placeColumn(corpus)],
      rows() {
        const values = corpus.values;
        const rows = values.d.map((d, at) => {
          const indicator = corpus.indicators[values.i[at]];
          const s = corpus.sentenceAt(d, values.start[at]);
          return {...baseRow(corpus, d), indicator: values.i[at], indicatorName: indicator.name, themes: [indicator.theme],
            state: values.state[at], approx: values.approx[at], shown: values.shown[at], low: values.low[at], high: values.high[at], why: values.why[at],
            toDate: values.toDate[at], start: values.start[at], end: values.end[at],
            text: s === null ? corpus.documents.text[d].slice(values.start[at] ?? 0, values.end[at] ?? 0) : corpus.sentenceText(s)};
        });
        return rows.concat(missingRows());
      },
    },
    {
      id: 'quantities', label: '全部数量', states: options(labels.claim), stateLabel: '全部归属', takes: (row, wanted) => row.state === wanted,
      hasTheme: true,
      columns: [nameColumn, yearColumn,
        {title: '数量', width: '110px', number: true, key: (row) => row.shown, sortKey: (row) => row.low},
        {title: '所计对象', width: 'minmax(90px, 1fr)', key: (row) => row.object},
        {title: '归属', width: '86px', quiet: true, key: (row) => labels.claim[row.state] || row.state}, textColumn('原文', true), placeColumn(corpus)],
      rows() {
        const q = corpus.quantities;
        return q.d.map((d, at) => {
          const s = corpus.sentenceAt(d, q.start[at]);
          return {...baseRow(corpus, d), state: q.claim[at] || '', object: q.object[at] || '', low: q.low[at], toDate: q.toDate[at],
            shown: corpus.documents.text[d].slice(q.start[at], q.end[at]), approx: q.approx[at], start: q.start[at], end: q.end[at],
            themes: corpus.themesBySentence.get(s) || [], text: corpus.sentenceText(s)};
        });
      },
    },
    {
      id: 'sentences', label: '句子', states: [...options(labels.role), ['*reused', '沿用的句子']], stateLabel: '全部角色', hasTheme: true,
      takes: (row, wanted) => (wanted === '*reused' ? corpus.reuseBySentence.has(row.s) : row.state === wanted),
      columns: [nameColumn, yearColumn,
        {title: '角色', width: '84px', quiet: true, key: (row) => labels.role[row.state] || row.state},
        {title: '主题', width: 'minmax(80px, 150px)', wide: true, quiet: true, key: (row) => row.themes.map((at) => corpus.themes[at]).join('、')},
        textColumn('句子'),
        {title: '沿用', width: '110px', wide: true, quiet: true, key: (row) => row.source}, placeColumn(corpus)],
      rows() {
        const sentences = corpus.sentences;
        return sentences.d.map((d, s) => {
          const source = corpus.reuseBySentence.has(s) ? corpus.reuse.t[corpus.reuseBySentence.get(s)] : null;
          const from = source === null ? -1 : sentences.d[source];
          return {...baseRow(corpus, d), s, state: sentences.role[s] || '', themes: corpus.themesBySentence.get(s) || [],
            start: sentences.start[s], end: sentences.end[s], text: corpus.sentenceText(s),
            source: from < 0 ? '' : `${corpus.name(from) === corpus.name(d) ? '' : corpus.name(from)}${corpus.documents.year[from] || ''}`};
        });
      },
    },
    {
      id: 'commitments', label: '承诺回应', states: options(labels.outcome), stateLabel: '全部回应', takes: (row, wanted) => row.state === wanted,
      columns: [nameColumn, yearColumn, textColumn('安排'),
        {title: '回应', width: '104px', key: (row) => labels.outcome[row.state], show: (row) => tag(labels.outcome[row.state] || row.state, row.state)},
        {title: '次年报告中的句子', width: 'minmax(120px, 3fr)', wide: true, isText: true, key: (row) => row.answer}],
      rows() {
        const {s, t, outcome, why} = corpus.commitments;
        return s.map((here, at) => {
          const there = t[at];
          const row = {...baseRow(corpus, corpus.sentences.d[here]), state: outcome[at] || '', why: why[at], text: corpus.sentenceText(here),
            answer: corpus.sentenceText(there), start: corpus.sentences.start[here], end: corpus.sentences.end[here]};
          if (there !== null) row.other = {d: corpus.sentences.d[there], start: corpus.sentences.start[there]};
          return row;
        });
      },
    },
    {
      id: 'checks', label: '检查', states: [['false', '未通过'], ['true', '通过'], ['null', '无从判断']], firstState: 'false', stateLabel: '全部结果',
      takes: (row, wanted) => row.state === wanted,
      columns: [nameColumn, yearColumn, {title: '检查项', width: 'minmax(90px, 170px)', key: (row) => row.check},
        {title: '结果', width: '84px', key: (row) => row.result, show: (row) => tag(row.result, row.state === 'false' ? 'failed' : '')},
        textColumn('说明'), placeColumn(corpus)],
      rows() {
        const {d, k, passed, start, end, message} = corpus.checkRows;
        const words = {true: '通过', false: '未通过', null: '无从判断'};
        return d.map((doc, at) => ({...baseRow(corpus, doc), check: corpus.checks[k[at]].name, basis: corpus.checks[k[at]].basis,
          state: String(passed[at]), result: words[String(passed[at])], start: start[at], end: end[at], text: message[at] || ''}));
      },
    },
    {
      id: 'reports', label: '报告', states: [['compared', '参与比较'], ['kept', '不参与比较'], ['unread', '未能读取'], ['missing', '缺报告']],
      stateLabel: '全部报告', takes: (row, wanted) => row.state === wanted, showsAll: true,
      columns: [nameColumn, yearColumn, textColumn('标题'),
        {title: '情况', width: 'minmax(100px, 1fr)', key: (row) => row.shown, show: (row) => tag(row.shown, row.state === 'unread' ? 'failed' : row.state)},
        {title: '发文字号', width: '150px', wide: true, quiet: true, key: (row) => row.number || ''},
        {title: '公开日期', width: '92px', wide: true, quiet: true, key: (row) => row.published || ''},
        {title: '文件', width: 'minmax(120px, 1fr)', wide: true, quiet: true, key: (row) => row.path}],
      rows() {
        const {status, reason, title, compared, whyNot, number, published, path} = corpus.documents;
        const rows = path.map((file, d) => {
          const kind = status[d] !== 'ok' ? 'unread' : compared[d] ? 'compared' : 'kept';
          const shown = kind === 'compared' ? '参与比较' : kind === 'kept' ? whyNot[d] || '不参与比较'
            : `${labels.status[status[d]] || status[d]}${reason[d] ? `：${reason[d]}` : ''}`;
          return {...baseRow(corpus, d), state: kind, shown, text: title[d] || '', number: number[d], published: published[d], path: file};
        });
        return rows.concat(missingRows().map((row) => ({...row, shown: '缺报告', path: ''})));
      },
    },
  ];
}
