// Shows the sentences' colours of one layer at a time.
const buttons = document.querySelectorAll('button[data-layer]');
buttons.forEach(button => button.addEventListener('click', () => {
  buttons.forEach(other => other.setAttribute('aria-pressed', String(other === button)));
  document.querySelectorAll('.sentence').forEach(sentence => { sentence.hidden = sentence.dataset.layer !== button.dataset.layer; });
}));
