// Draws what the coordinator sends. Whatever comes from devices becomes text, never markup.
import { Chart } from "./charts.js";

const SHOWN_ROUNDS = 12;
const SHOWN_STATES = [["training", "training"], ["counted", "update counts"], ["waiting", "waiting"], ["refused", "refused"], ["missing", "missing"]];
const by = id => document.getElementById(id);
const say = (id, text) => { if (by(id).textContent !== text) by(id).textContent = text; };
const whole = new Intl.NumberFormat("en");
const loss = value => value === undefined ? "–" : value.toFixed(3);
const perplexity = value => value >= 1e5 ? value.toExponential(1) : value >= 1000 ? whole.format(Math.round(value)) : value.toFixed(value >= 100 ? 1 : 2);

function bytes(count) {
  if (count === undefined) return "–";
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** unit;
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

function time(seconds) {
  if (seconds === undefined) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s` : `${Math.floor(seconds / 3600)} h ${Math.round(seconds % 3600 / 60)} min`;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const nothing = text => element("li", "empty", text);
const lossChart = new Chart(by("lossChart"), value => value.toFixed(3), "The curve begins with the first update that reports a loss.");
const perplexityChart = new Chart(by("perplexityChart"), perplexity, "The curve begins with the first update that reports a loss.");
let rounds = new Map(), refusals = new Map(), news = {};

function curve(field, of = value => value) {
  return [...rounds.values()].filter(row => row[field] !== undefined).sort((a, b) => a.round - b.round).map(row => [row.round, of(row[field])]);
}

function drawCurves() {
  const kinds = [["training", "train", "loss"], ["router", "router", "routerLoss"], ["held out", "held", "heldOutLoss"]];
  lossChart.show(kinds.map(([name, kind, field]) => ({ name, kind, points: curve(field) })));
  perplexityChart.show(kinds.map(([name, kind, field]) => ({ name, kind, points: curve(field, Math.exp) })));
  const heldOut = curve("heldOutLoss"), trained = curve("loss");
  const shown = heldOut.length > 0 ? heldOut : trained;
  const last = shown[shown.length - 1];
  const note = last ? `${heldOut.length > 0 ? "held out" : "training"}, round ${last[0]}` : "";
  say("loss", loss(last?.[1]));
  say("perplexity", last ? perplexity(Math.exp(last[1])) : "–");
  say("lossNote", note);
  say("perplexityNote", note);
}

function drawHead(head) {
  const active = head.states.training + head.states.waiting + head.states.counted + head.states.refused;
  document.title = `${head.run} – round ${head.done} of ${head.rounds}`;
  say("run", head.run);
  const phase = head.waitingFor.charAt(0).toUpperCase() + head.waitingFor.slice(1);
  say("phase", head.storeFailsSince ? `${phase}. The store fails since ${new Date(head.storeFailsSince).toLocaleTimeString()}.` : phase);
  by("progress").max = head.rounds;
  by("progress").value = head.done;
  say("rounds", `${head.done} / ${head.rounds}`);
  say("roundsNote", head.finished ? "the run is over" : head.open ? `round ${head.open} is open${head.deadline ? ` until ${new Date(head.deadline).toLocaleTimeString()}` : ""}` : head.done > 0 ? "between rounds" : "no round yet");
  say("devices", whole.format(active));
  say("devicesNote", head.open ? `${head.states.training} training, ${head.states.waiting} waiting` : `${head.states.waiting} waiting`);
  say("up", bytes(head.up));
  say("down", bytes(head.down));
  const closed = [...rounds.values()].filter(row => row.up !== undefined).sort((a, b) => b.round - a.round)[0];
  say("upNote", closed ? `${bytes(closed.up)} in round ${closed.round}` : "by the coordinator");
  say("downNote", closed ? `${bytes(closed.down)} in round ${closed.round}` : "by the coordinator");
}

function drawDevices(head) {
  by("states").replaceChildren(...SHOWN_STATES.filter(([state]) => head.states[state] > 0).map(([state, name]) => element("li", `dot ${state}`, `${whole.format(head.states[state])} ${name}`)));
  const total = Object.values(head.states).reduce((sum, count) => sum + count, 0);
  say("statesNote", total > head.devices.length ? `the first ${head.devices.length} of ${whole.format(total)}` : "");
  by("deviceList").replaceChildren(...head.devices.length === 0 ? [nothing("No device has checked in yet.")] : head.devices.map(({ name, state }) => {
    const chip = element("li", `dot ${state}`);
    chip.title = `${name}: ${state}`;
    chip.append(element("span", "", name));
    return chip;
  }));
}

function drawLayers() {
  const layers = [...news.layers].sort((a, b) => a.layer.localeCompare(b.layer, "en", { numeric: true }));
  say("layersNote", layers.length > 0 ? `of the router’s weight, round ${news.layersRound}` : "of the router’s weight");
  by("layers").replaceChildren(...layers.length === 0 ? [nothing("Devices report it if they are asked to measure on held-out text.")] : layers.map(({ layer, share }) => {
    const row = element("li"), bar = element("div", "bar"), fill = element("i");
    fill.style.width = `${(share * 100).toFixed(1)}%`;
    bar.append(fill);
    const name = element("span", "path", layer);
    name.title = layer;
    row.append(name, bar, element("span", "value", `${(share * 100).toFixed(0)} %`));
    return row;
  }));
}

function drawRounds() {
  const shown = [...rounds.values()].sort((a, b) => b.round - a.round);
  say("tableNote", shown.length > SHOWN_ROUNDS ? `the last ${SHOWN_ROUNDS}` : "");
  by("roundRows").replaceChildren(...shown.slice(0, SHOWN_ROUNDS).map(row => {
    const line = element("tr", row.seconds === undefined ? "open" : "");
    const updates = element("td", "", `${row.accepted} of ${row.devices}`);
    if (row.refused > 0) updates.append(element("span", "more", ` +${row.refused} refused`));
    line.append(
      element("td", "", String(row.round)),
      updates,
      element("td", "", loss(row.loss)),
      element("td", "wide", loss(row.heldOutLoss)),
      element("td", "", row.up === undefined ? "–" : bytes(row.up + row.down)),
      element("td", "wide", row.seconds === undefined ? "open" : time(row.seconds)));
    return line;
  }));
  if (shown.length === 0) {
    const cell = element("td", "", "No round has opened yet.");
    cell.colSpan = 6;
    const line = element("tr");
    line.append(cell);
    by("roundRows").append(line);
  }
}

function drawRefusals() {
  const codes = Object.entries(news.codes);
  say("codes", codes.map(([code, times]) => `${code} ${whole.format(times)}`).join(", "));
  const shown = [...refusals.values()].sort((a, b) => b.id - a.id).slice(0, 50);
  by("refusals").replaceChildren(...shown.length === 0 ? [nothing("Nothing was refused.")] : shown.map(row => {
    const item = element("li"), what = element("div", "what");
    what.append(
      element("span", "code", row.code),
      element("span", "who", row.device === undefined ? `${row.kind} in round ${row.round}` : `${row.kind} of ${row.device}, round ${row.round}`));
    if (row.times > 1) what.append(element("span", "times", `× ${whole.format(row.times)}`));
    what.append(element("time", "when", new Date(row.at).toLocaleTimeString()));
    item.append(what);
    if (row.reason) item.append(element("p", "why", row.reason));
    return item;
  }));
}

let due = false;
function draw() {
  due = false;
  drawHead(news.head);
  drawCurves();
  drawDevices(news.head);
  drawLayers();
  drawRounds();
  drawRefusals();
}

function take(message) {
  if (message.whole) (rounds = new Map(), refusals = new Map());
  for (const row of message.rounds) rounds.set(row.round, row);
  for (const row of message.refusals) refusals.set(row.id, row);
  for (const id of [...refusals.keys()].slice(0, -50)) refusals.delete(id);
  for (const round of [...rounds.keys()].slice(0, -1000)) rounds.delete(round);
  news = message;
  if (!due) {
    due = true;
    requestAnimationFrame(draw);
  }
}

function link(state, text) {
  by("link").dataset.state = state;
  say("link", text);
}

function connect() {
  const events = new EventSource("events");
  events.onopen = () => link("live", "live");
  events.onmessage = event => take(JSON.parse(event.data));
  events.onerror = () => {
    link("lost", "reconnecting");
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  };
}

connect();
