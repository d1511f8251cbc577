package dev.lastcall.rehearsal.report;

/** The style sheet of the HTML report. */
final class HtmlStyle {
    static final String TEXT = """
            :root { --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --good: #116329; --bad: #a40e26;
              --starting: #afb8c1; --serving: #2da44e; --terminating: #d4a72c; --withdrawn: #54aeff; --killed: #82071e; --loss: #cf222e; }
            @media (prefers-color-scheme: dark) {
              :root { --back: #0d1117; --text: #e6edf3; --soft: #9198a1; --line: #30363d; --good: #56d364; --bad: #ff7b72;
                --starting: #6e7681; --serving: #238636; --terminating: #bb8009; --withdrawn: #1f6feb; --killed: #ff7b72; --loss: #ffa198; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
            main { max-width: 1100px; margin: 0 auto; padding: 16px; }
            h1 { font-size: 20px; margin: 0; } h2 { font-size: 16px; margin: 24px 0 8px; }
            .program { margin: 4px 0; color: var(--soft); font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
            .verdict { margin: 8px 0; font-size: 18px; font-weight: 600; }
            .good { color: var(--good); } .bad { color: var(--bad); }
            .timeline { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 8px; align-items: center; }
            .timeline svg { width: 100%; height: 24px; display: block; border-bottom: 1px solid var(--line); }
            .name { font-size: 13px; color: var(--soft); }
            .axis { display: flex; justify-content: space-between; font-size: 12px; color: var(--soft); }
            .legend { font-size: 13px; } .legend span { margin-right: 12px; white-space: nowrap; }
            .legend i { display: inline-block; width: 12px; height: 12px; margin-right: 4px; vertical-align: -1px; }
            .starting { fill: var(--starting); background: var(--starting); } .serving { fill: var(--serving); background: var(--serving); }
            .terminating { fill: var(--terminating); background: var(--terminating); }
            .withdrawn { fill: var(--withdrawn); background: var(--withdrawn); }
            .killed { fill: var(--killed); background: var(--killed); } .loss { fill: var(--loss); background: var(--loss); }
            .legend .loss { width: 3px; }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
            th { font-weight: 600; color: var(--soft); white-space: nowrap; }
            ul { padding-left: 20px; overflow-wrap: anywhere; } li { margin: 4px 0; }
            """;

    private HtmlStyle() {}
}
