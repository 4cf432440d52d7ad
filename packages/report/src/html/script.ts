/** The page's only script: sorts the table by a column and filters experiments by text. Without it everything is there, unsorted. */
export const SCRIPT = `
const table = document.querySelector('table.results');
if (table) for (const [column, header] of [...table.tHead.rows[0].cells].entries()) header.querySelector('button').addEventListener('click', () => {
  const rising = header.getAttribute('aria-sort') !== 'ascending';
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  header.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
  const value = (row) => { const text = row.cells[column].textContent.trim(); const number = parseFloat(text); return Number.isNaN(number) ? text : number; };
  const rows = [...table.tBodies[0].rows].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (rising ? 1 : -1));
  table.tBodies[0].append(...rows);
});
const search = document.querySelector('input[type=search]');
if (search) search.addEventListener('input', () => {
  for (const experiment of document.querySelectorAll('details.experiment')) experiment.hidden = !experiment.querySelector('summary').textContent.toLowerCase().includes(search.value.toLowerCase());
});
`
