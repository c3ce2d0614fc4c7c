// A line chart in SVG: as wide as its place, so that its letters keep their size on a phone.
const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 190, LEFT = 44, RIGHT = 10, TOP = 8, BOTTOM = 24;

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Round numbers that span what is shown.
function ticks(low, high, count) {
  const rough = (high - low) / count || Math.abs(high) / 10 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= rough);
  const first = Math.floor(low / step) * step, all = [];
  for (let i = 0; all.length === 0 || all[all.length - 1] < high - step * 1e-9; i++) all.push(first + i * step);
  return all.length > 1 ? all : [all[0], all[0] + step];
}

function label(value, step) {
  return step >= 1 ? value.toFixed(0) : value.toFixed(Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
}

export class Chart {
  constructor(place, format, nothing) {
    this.place = place;
    this.format = format;
    this.nothing = nothing;
    this.series = [];
    this.legend = document.createElement("div");
    this.legend.className = "legend";
    place.replaceChildren(this.legend);
    new ResizeObserver(() => this.draw()).observe(place);
    place.addEventListener("pointermove", event => this.look(event));
    place.addEventListener("pointerleave", () => this.look(null));
  }

  // [{ name, kind, points: [[round, value], ...] }]
  show(series) {
    this.series = series.filter(s => s.points.length > 0);
    this.draw();
  }

  draw() {
    const width = this.place.clientWidth;
    if (this.series.length === 0 || width < 80) {
      const empty = document.createElement("p");
      empty.className = "empty";
      empty.textContent = this.nothing;
      this.place.replaceChildren(empty);
      return;
    }

    const points = this.series.flatMap(s => s.points);
    const xs = points.map(p => p[0]), ys = points.map(p => p[1]);
    const left = Math.min(...xs), right = Math.max(...xs, left + 1);
    const marks = ticks(Math.min(...ys), Math.max(...ys), 4);
    const [bottom, top] = [marks[0], marks[marks.length - 1]];
    this.x = round => LEFT + (round - left) / (right - left) * (width - LEFT - RIGHT);
    const y = value => HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);

    const svg = shape("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" });
    for (const mark of marks) {
      svg.append(shape("line", { class: "rule", x1: LEFT, x2: width - RIGHT, y1: y(mark), y2: y(mark) }));
      svg.append(shape("text", { x: LEFT - 8, y: y(mark) + 4, "text-anchor": "end" }, label(mark, marks[1] - marks[0])));
    }

    const every = Math.max(1, Math.round(ticks(0, right - left, width / 80)[1]));
    for (let round = left; round <= right; round++) {
      if (round === left || round % every === 0 && round - left >= every / 2) {
        svg.append(shape("text", { x: this.x(round), y: HEIGHT - 6, "text-anchor": "middle" }, round));
      }
    }

    for (const { kind, points } of this.series) {
      svg.append(shape("polyline", { class: `series ${kind}`, points: points.map(p => `${this.x(p[0]).toFixed(1)},${y(p[1]).toFixed(1)}`).join(" ") }));
      if (points.length <= 30) {
        for (const p of points) svg.append(shape("circle", { class: kind, cx: this.x(p[0]), cy: y(p[1]), r: 2.5 }));
      }
    }

    this.hair = shape("line", { class: "hair", y1: TOP, y2: HEIGHT - BOTTOM, visibility: "hidden" });
    svg.append(this.hair);
    this.place.replaceChildren(this.legend, svg);
    this.look(this.pointer ?? null); // what was pointed at still is
  }

  look(event) {
    this.pointer = event;
    if (this.series.length === 0 || !this.x) return;
    if (event === null) {
      this.hair.setAttribute("visibility", "hidden");
      this.say(null);
      return;
    }

    const at = event.clientX - this.place.getBoundingClientRect().left;
    const rounds = [...new Set(this.series.flatMap(s => s.points.map(p => p[0])))];
    const round = rounds.reduce((best, next) => Math.abs(this.x(next) - at) < Math.abs(this.x(best) - at) ? next : best);
    this.hair.setAttribute("x1", this.x(round));
    this.hair.setAttribute("x2", this.x(round));
    this.hair.setAttribute("visibility", "visible");
    this.say(round);
  }

  // What each series is, and its value: the newest, or that of the round pointed at.
  say(round) {
    const keys = this.series.map(({ name, kind, points }) => {
      const found = round === null ? points[points.length - 1] : points.find(p => p[0] === round);
      const key = document.createElement("span");
      key.className = `key ${kind}`;
      const value = document.createElement("b");
      value.textContent = found ? this.format(found[1]) : "–";
      key.append(`${name} `, value);
      return key;
    });
    if (round !== null) {
      const at = document.createElement("span");
      at.textContent = `round ${round}`;
      keys.push(at);
    }

    this.legend.replaceChildren(...keys);
  }
}
