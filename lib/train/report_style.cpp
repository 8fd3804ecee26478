// SPDX-License-Identifier: Apache-2.0
// The look of report.html: a phone first, then wider pages, paper, and the dark.
#include "lib/train/report_parts.hpp"

namespace mien::page {

const std::string_view style = R"(
    :root { color-scheme: light dark; --paper: #ffffff; --card: #f6f8fa; --text: #1f2328; --soft: #59636e; --rule: #d1d9e0;
      --blue: #0969da; --blue-rgb: 9, 105, 218; --rust: #bc4c00; --warm: #fff8e6; --warm-rule: #bf8700; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #0d1117; --card: #151b23; --text: #f0f6fc; --soft: #9198a1; --rule: #3d444d;
        --blue: #4493f8; --blue-rgb: 68, 147, 248; --rust: #f0883e; --warm: #272115; --warm-rule: #d29922; }
    }
    * { box-sizing: border-box; }
    html { background: var(--paper); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 20px 16px 48px; max-width: 1080px; color: var(--text); background: var(--paper);
      font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; overflow-wrap: break-word; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .4rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.25rem; margin: 0 0 .5rem; }
    h3 { font-size: 1rem; margin: 0 0 .25rem; }
    p { margin: 0 0 .75rem; max-width: 70ch; }
    a { color: var(--blue); }
    section { margin-top: 2.25rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); scroll-margin-top: 8px; }
    code { font: .9em ui-monospace, Menlo, Consolas, monospace; white-space: nowrap; }
    ol { margin: .25rem 0 0; padding-left: 1.4rem; } li { margin: 0 0 .25rem; }
    .over { color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; margin: 0 0 .25rem; }
    .soft { color: var(--soft); } .tiny { color: var(--soft); font-size: .8125rem; font-weight: 400; }
    .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .num .tiny { white-space: normal; }
    nav ul { display: flex; flex-wrap: wrap; gap: 6px; list-style: none; margin: 1rem 0 0; padding: 0; }
    nav a { display: block; padding: 5px 12px; border: 1px solid var(--rule); border-radius: 99px; text-decoration: none;
      font-size: .875rem; background: var(--card); color: var(--text); }
    nav a:hover, nav a:focus-visible { border-color: var(--blue); color: var(--blue); }
    .tiles { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; margin: 1.25rem 0 0; }
    .tile { margin: 0; padding: 12px 14px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
    .tile dt { color: var(--soft); font-size: .8125rem; }
    .tile dd { margin: 0; }
    .tile .big { font-size: 1.5rem; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
    .tile.first { grid-column: 1 / -1; } .tile.first .big { font-size: 2.5rem; line-height: 1.15; color: var(--blue); }
    .bar { position: relative; display: block; height: 8px; margin-top: 4px; border-radius: 4px; background: var(--rule); }
    .bar i { position: absolute; inset: 0 auto 0 0; border-radius: 4px; background: var(--blue); }
    .bar b { position: absolute; top: -3px; bottom: -3px; border: solid var(--text); border-width: 0 1.5px; }
    .bar b::after { content: ""; position: absolute; left: 0; right: 0; top: 50%; border-top: 1.5px solid var(--text); }
    .note { padding: 12px 14px; border-radius: 10px; background: var(--warm); border: 1px solid var(--warm-rule); }
    .note p:last-child { margin: 0; }
    .notes { display: grid; gap: 10px; }
    .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 4px 24px; }
    svg { display: block; width: 100%; height: auto; max-width: 540px; margin: 0 auto; }
    .scroll { overflow-x: auto; } .scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
    table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
    caption { text-align: left; color: var(--soft); font-size: .875rem; padding-bottom: .5rem; caption-side: top; }
    th { text-align: left; font-weight: 600; } thead th { color: var(--soft); font-size: .8125rem; vertical-align: bottom; }
    th, td { padding: 6px 8px 6px 0; border-bottom: 1px solid var(--rule); } th.num { text-align: right; }
    tbody th { overflow-wrap: anywhere; }
    .heat { width: auto; border-collapse: separate; border-spacing: 2px; }
    .heat th, .heat td { border: 0; padding: 2px; } .heat tbody th { text-align: right; padding-right: 6px; font-size: .8125rem; }
    .heat th span { display: block; max-width: 8rem; overflow-wrap: break-word; }
    .heat thead th { font-weight: 400; } .heat thead td { height: auto; } .heat .across { text-align: center; }
    .heat .down { writing-mode: vertical-rl; transform: rotate(180deg); padding: 6px 0; margin: auto; font-weight: 600; }
    .heat .down span { max-width: none; max-height: 8rem; margin: auto; }
    .heat td { width: 34px; min-width: 34px; height: 38px; text-align: center; border-radius: 4px; line-height: 1.1;
      font-size: .8125rem; font-variant-numeric: tabular-nums; background: rgba(var(--blue-rgb), var(--shade)); }
    .heat td small { display: block; font-size: .6875rem; } .heat .none { color: var(--soft); }
    .heat .hit { box-shadow: inset 0 0 0 1.5px var(--text); }
    .beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px 40px; align-items: center; }
    .scroll tbody th { min-width: 8.5rem; overflow-wrap: break-word; } .heat.heat tbody th { min-width: 0; }
    .scroll tbody th .tiny { display: block; } .scroll tbody th.num { min-width: 0; }
    .measure td { width: 24%; } .measure td, .measure th + th { padding-left: 6px; } .narrow { max-width: 640px; }
    .faces { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); gap: 12px; }
    .column { fill: var(--blue); opacity: .22; }
    figure { margin: 0; } figcaption { font-size: .8125rem; line-height: 1.35; margin-top: 6px; }
    figcaption .bar { margin: 5px 0; height: 6px; }
    .face { padding: 10px; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
    .face img { width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 6px; background: #808080; }
    .face .name { display: block; overflow-wrap: anywhere; color: var(--soft); font-size: .75rem; margin-top: 4px; }
    img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; }
    .sheet img { border: 1px solid var(--rule); border-radius: 10px; }
    .pairs { display: grid; grid-template-columns: minmax(0, 1fr); margin: .5rem 0 0; font-size: .9375rem; }
    .pairs div { display: flex; gap: 12px; justify-content: space-between; padding: 5px 0; border-bottom: 1px solid var(--rule); }
    .pairs dt { color: var(--soft); flex: none; max-width: 50%; overflow-wrap: anywhere; }
    .pairs dd { margin: 0; text-align: right; overflow-wrap: anywhere; min-width: 0; }
    summary { cursor: pointer; color: var(--blue); padding: 8px 0; }
    footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
    @media (max-width: 480px) { svg .small { font-size: 13px; } svg text { font-size: 14px; } }
    @media (min-width: 640px) {
      body { padding: 40px 32px 64px; } h1 { font-size: 2.25rem; }
      .tiles { grid-template-columns: repeat(4, minmax(0, 1fr)); } .tile.first { grid-column: span 2; grid-row: span 2; }
      .tile.first .big { font-size: 4rem; } .notes { grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); }
      .heat td { width: 60px; height: 46px; font-size: .9375rem; } .heat tbody th { font-size: .9375rem; }
      .heat .down { writing-mode: horizontal-tb; transform: none; text-align: center; font-size: .75rem; }
      .heat .down span { max-width: 60px; max-height: none; } .measure td, .measure th + th { padding-left: 16px; }
      .pairs { grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: 40px; }
    }
    @media (min-width: 900px) { .beside { grid-template-columns: auto minmax(0, 1fr); } }
    @media print {
      :root { color-scheme: light; --paper: #ffffff; --card: #ffffff; --text: #1f2328; --soft: #59636e; --rule: #d1d9e0;
        --blue: #0969da; --blue-rgb: 9, 105, 218; --rust: #bc4c00; --warm: #ffffff; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      body { max-width: none; padding: 0; font-size: 11pt; } nav { display: none; }
      section { margin-top: 1.25rem; } h2, h3, caption, h2 + p { break-after: avoid; }
      tr, figure, .tile, .note, .panels svg, .beside, .sheet img { break-inside: avoid; } .sheet img { max-height: 15cm; width: auto; }
      .scroll { overflow: visible; }
      .faces { grid-template-columns: repeat(6, 1fr); } .panels { grid-template-columns: 1fr 1fr; }
    })";

} // namespace mien::page
