export { renderTable, type TableFormat, type TableOptions } from './render-table.ts'
export { renderRows } from './text-table.ts'
export { summarize, type SummaryEntry } from './summarize.ts'
export { writeHtmlReport, type HtmlReportRequest, type ReportedRun } from './html/write-html-report.ts'
