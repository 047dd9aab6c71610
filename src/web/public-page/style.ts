import { colours, fontFamily, monospaceFamily, type Scheme } from '../theme/tokens.ts';

const variables = (scheme: Scheme): string =>
  Object.entries(colours[scheme])
    .map(([role, colour]) => `--${role}:${colour}`)
    .join(';');

/** The one style sheet of the public pages: read on a phone first, light and dark, printable. About 5 kB. */
export const publicStyle = `
:root{${variables('light')};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
*{box-sizing:border-box}
html{font:400 1.0625rem/1.7 ${fontFamily};background:var(--paper);color:var(--ink);text-size-adjust:100%;-webkit-text-size-adjust:100%}
body{margin:0}
a{color:var(--brand);text-underline-offset:.2em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--surface);padding:.5rem 1rem;z-index:2}
.wrap{max-width:64rem;margin:0 auto;padding:0 1.125rem}
.band{background:var(--sandbox);color:var(--onSandbox);font-size:.9375rem;padding:.4rem 0}
header{background:var(--nav);color:var(--navInk)}
header .wrap{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;padding-top:.75rem;padding-bottom:.75rem}
header a{color:var(--navInk);text-decoration:none}header a:hover{text-decoration:underline}
header .name{display:flex;gap:.625rem;align-items:center;font-weight:700;font-size:1.25rem;letter-spacing:.04em;margin-right:auto}
header .name small{font-weight:400;font-size:.8125rem;color:var(--navMuted);letter-spacing:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
nav a{display:inline-block;padding:.5rem 0}nav a[aria-current]{border-bottom:3px solid var(--navMark)}
main{padding:2rem 0 3rem}
h1{font-size:clamp(1.625rem,5vw,2.25rem);line-height:1.3;margin:0 0 .75rem;letter-spacing:.01em}
h2{font-size:1.375rem;line-height:1.4;margin:2.5rem 0 .75rem}
h3{font-size:1.125rem;margin:1.5rem 0 .5rem}
p,ul,ol{max-width:42rem}
.lead{font-size:1.1875rem;color:var(--muted)}
.card{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:1.25rem}
.grid{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(12.5rem,1fr));padding:0;max-width:none;list-style:none}
.figure{font-size:2.25rem;font-weight:700;line-height:1.2;font-variant-numeric:tabular-nums;color:var(--brand);display:block}
.figure.warn{color:var(--accent)}
form.search{display:flex;gap:.625rem;flex-wrap:wrap;margin:1.25rem 0 .5rem}
label{font-weight:600;display:block;width:100%}
input[type=text],input[type=search]{flex:1 1 14rem;font:inherit;padding:.7rem .9rem;border:2px solid var(--outline);border-radius:6px;background:var(--surface);color:var(--ink);min-width:0}
textarea,form.ask input{display:block;width:100%;font:inherit;padding:.7rem .9rem;border:2px solid var(--outline);border-radius:6px;background:var(--surface);color:var(--ink);margin:.25rem 0}
form.ask{max-width:42rem;margin:1.25rem 0}form.ask label{margin-top:1rem}form.ask input{max-width:12rem}form.ask button{margin-top:1rem}
button,.button{font:inherit;font-weight:700;padding:.7rem 1.4rem;border:0;border-radius:6px;background:var(--brandFill);color:var(--onBrandFill);cursor:pointer;text-decoration:none;display:inline-block}
.hint{color:var(--muted);font-size:.9375rem;margin:.25rem 0}
.error{border-left:5px solid var(--danger);padding:.25rem 0 .25rem 1rem;color:var(--danger);font-weight:600}
.verdict{border-radius:10px;padding:1.25rem;border-left:8px solid;margin:1rem 0 1.5rem}
.verdict strong{font-size:1.375rem;display:block}
.verdict.good{background:var(--successSoft);border-color:var(--success)}
.verdict.bad{background:var(--dangerSoft);border-color:var(--danger)}
.verdict.unsure{background:var(--warningSoft);border-color:var(--warning)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;padding:.55rem .75rem .55rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right}
.scroll{overflow-x:auto}
dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.5rem 1.25rem;margin:1rem 0}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
code{font-family:${monospaceFamily};font-size:.9375em}
.results{list-style:none;padding:0;max-width:none}.results li{border-bottom:1px solid var(--line);padding:.9rem 0}
.results a{font-weight:600;font-size:1.125rem}
.funnel{width:100%;height:auto;display:block}
.funnel text{font-family:inherit;fill:var(--ink)}.funnel .count{font-weight:700;font-variant-numeric:tabular-nums}.funnel .label{fill:var(--muted)}
.funnel rect{fill:var(--brandFill)}.funnel .last{fill:var(--accent)}.funnel .track{fill:var(--sunken)}
footer{border-top:1px solid var(--line);background:var(--surface);font-size:.9375rem;padding:1.5rem 0 2.5rem;color:var(--muted)}
footer ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
@media (max-width:36rem){dl{grid-template-columns:1fr;gap:0 0}dd{margin-bottom:.75rem}.n{white-space:nowrap}}
@media print{header,footer,form,.band,.skip{display:none}html{font-size:11pt;background:#fff;color:#000}.card{border:0;padding:0}}
`
  .replaceAll('\n', '')
  .trim();
