package dev.lastcall.lint;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the sources, lets the checks look at what is in them, and prints. Used once. */
final class Inspection {
    private final Checks checks;
    private final PrintStream out;
    private final PrintStream err;

    private final List<String> problems = new ArrayList<>();
    private int errors;
    private int warnings;

    Inspection(KubernetesVersion cluster, PrintStream out, PrintStream err) {
        this.checks = new Checks(cluster);
        this.out = out;
        this.err = err;
    }

    /** The exit code. */
    int of(Sources sources) {
        problems.addAll(sources.problems());
        Manifests all = manifests(sources.all());
        if (all.documents().isEmpty() && problems.isEmpty()) {
            problems.add("no manifest in what was named (expected: documents with apiVersion and kind)");
        }
        List<Workload> workloads = all.workloads().toList();
        workloads.forEach(each -> printTimeline(each, all));
        workloads.forEach(each -> printFindings(each, all));
        problems.forEach(err::println);
        out.printf(
                "%s, %s in %s, %s%n",
                count(errors, "error"),
                count(warnings, "warning"),
                count(workloads.size(), "workload"),
                count(all.documents().size(), "manifest"));
        if (!problems.isEmpty()) {
            return Lint.UNREADABLE;
        }
        return errors > 0 ? Lint.ERRORS : Lint.CLEAN;
    }

    private Manifests manifests(List<Source> sources) {
        List<Document> documents = new ArrayList<>();
        for (Source source : sources) {
            try {
                documents.addAll(Yaml.read(source.name(), source.text()));
            } catch (UnreadableManifest e) {
                problems.add(e.getMessage());
            }
        }
        Set<Path> pieces = new LinkedHashSet<>();
        documents.stream()
                .filter(Inspection::isKustomization)
                .forEach(each -> pieces.addAll(Kustomization.pieces(each)));
        List<Document> manifests = new ArrayList<>();
        Set<String> skipped = new LinkedHashSet<>();
        for (Document document : documents) {
            String word = skipped(document, pieces);
            if (word.isEmpty()) {
                document.items().forEach(manifests::add);
            } else {
                skipped.add(document.file() + ": skipped, " + word);
            }
        }
        skipped.forEach(out::println);
        return new Manifests(manifests);
    }

    private static boolean isKustomization(Document document) {
        return document.isKustomize() || Kustomization.isNamed(Path.of(document.file()));
    }

    /** Why this is no manifest by itself; empty where it is one. */
    private static String skipped(Document document, Set<Path> pieces) {
        if (isKustomization(document)) {
            return "a kustomization";
        }
        if (pieces.contains(Path.of(document.file()).toAbsolutePath().normalize())) {
            return "a piece of a kustomization";
        }
        return document.isKubernetes() ? "" : "no manifest, it has no apiVersion or no kind";
    }

    private void printTimeline(Workload workload, Manifests all) {
        Stages.of(workload, all).ifPresent(stages -> {
            Document document = workload.document();
            out.println(document.file() + ": " + document.label() + ", the latest instants of its drain in seconds:");
            BudgetArithmetic.of(stages, workload.graceSeconds()).forEach(out::println);
        });
    }

    private void printFindings(Workload workload, Manifests all) {
        checks.findings(workload, all).forEach(each -> {
            if (each.finding().severity() == Severity.ERROR) {
                errors++;
            } else {
                warnings++;
            }
            out.println(each.line());
        });
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
