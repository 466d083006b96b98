/** Of the report: light, for screens and paper alike. */
export const REPORT_STYLE = `
body { max-width: 1180px; margin: 24px auto; padding: 0 16px; background: #fff; color: #1d2129; font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0; font-size: 22px; overflow-wrap: anywhere; }
h2 { margin: 28px 0 8px; font-size: 16px; }
.dim { color: #5c6573; }
.message { padding: 8px 10px; border-left: 3px solid #c92a2a; }
table { border-collapse: collapse; }
th, td { padding: 3px 14px 3px 0; border-bottom: 1px solid #eceef2; font-weight: 400; text-align: left; vertical-align: top; }
.facts td { overflow-wrap: anywhere; }
thead th, tr > th[scope="row"] { color: #5c6573; }
.changed th, .changed td:nth-child(2) { color: #1d2129; font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 20px; }
figure { margin: 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; }
.wide { overflow-x: auto; }
.heat td, .heat thead th { padding: 2px 8px; text-align: right; white-space: nowrap; }
`
