package dev.lastcall.rehearsal;

import dev.lastcall.rehearsal.cluster.RehearsalFailure;
import dev.lastcall.rehearsal.report.HtmlReport;
import dev.lastcall.rehearsal.report.RehearsalJson;
import dev.lastcall.rehearsal.report.RehearsalResult;
import dev.lastcall.rehearsal.report.TerminalReport;
import dev.lastcall.rehearsal.report.TerminalStyle;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The command {@code rehearse}: a rolling update on this machine, under load, and what clients lost in it. */
public final class Rehearse {
    static final int NOTHING_LOST = 0;
    static final int LOST = 1;
    static final int FAILED = 2;

    private Rehearse() {}

    /**
     * Rehearses what the arguments name.
     *
     * @return the exit code: 0 where nothing was lost, 1 where something was, 2 where nothing could be rehearsed
     */
    public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        try {
            WrittenOptions options = WrittenOptions.of(arguments);
            if (options.has("--help") || options.has("-h")) {
                out.println(RehearseUsage.TEXT);
                return NOTHING_LOST;
            }
            return rehearse(options, PlanReader.read(options, in), out, err);
        } catch (BadOption e) {
            err.println(e.words());
            err.println("usage: rehearse --help");
            return FAILED;
        } catch (RehearsalFailure e) {
            err.println(e.words());
            e.lines().forEach(line -> err.println("  | " + line));
            return FAILED;
        } catch (IOException e) {
            err.println(e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static int rehearse(WrittenOptions options, RehearsalPlan plan, PrintStream out, PrintStream err)
            throws BadOption, RehearsalFailure, InterruptedException, IOException {
        String json = options.text("--json").orElse("");
        requireWritable("--json", json);
        String report = options.text("--report").orElse("");
        requireWritable("--report", report);
        boolean terminal = isTerminal();
        PrintStream people = json.equals("-") ? err : out;
        ProgressLine progress = new ProgressLine(err, terminal);
        RehearsalResult result = run(plan, progress);
        TerminalReport.print(result, TerminalStyle.of(System.getenv(), terminal), people);
        if (!report.isEmpty()) {
            Files.writeString(Path.of(report), HtmlReport.of(result));
        }
        if (json.equals("-")) {
            out.println(RehearsalJson.of(result));
        } else if (!json.isEmpty()) {
            Files.writeString(Path.of(json), RehearsalJson.of(result));
        }
        if (options.has("--advise")) {
            new Advisor(options, progress).advise(plan, result).forEach(people::println);
        }
        return result.lost() == 0 ? NOTHING_LOST : LOST;
    }

    /** Whether people watch; a JDK from 22 on has a console also where its output is a file. */
    private static boolean isTerminal() {
        try {
            String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            String errors = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return output.startsWith("/dev/pts/") && errors.startsWith("/dev/pts/");
        } catch (IOException e) {
            return false;
        }
    }

    /** Ctrl-C ends the pods too. */
    static RehearsalResult run(RehearsalPlan plan, ProgressLine progress)
            throws RehearsalFailure, InterruptedException {
        Rehearsal rehearsal = new Rehearsal(plan, progress);
        Thread hook = new Thread(rehearsal::close, "end of the rehearsal");
        Runtime.getRuntime().addShutdownHook(hook);
        try (rehearsal) {
            return rehearsal.run();
        }
    }

    /** Checks a file before anything is started: a result that cannot be written is noticed too late otherwise. */
    private static void requireWritable(String option, String file) throws BadOption {
        if (file.isEmpty() || file.equals("-")) {
            return;
        }
        try {
            Path folder = Path.of(file).toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(Path.of(file))) {
                throw new BadOption(option, file, "a file in a directory that exists");
            }
        } catch (InvalidPathException e) {
            throw new BadOption(option, file, "the name of a file");
        }
    }
}
