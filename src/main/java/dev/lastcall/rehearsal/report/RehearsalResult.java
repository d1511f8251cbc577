package dev.lastcall.rehearsal.report;

import dev.lastcall.rehearsal.load.LoadKind;
import dev.lastcall.rehearsal.load.LoadLedger;
import dev.lastcall.rehearsal.load.Loss;
import dev.lastcall.rehearsal.pod.PodEvent;
import dev.lastcall.rehearsal.pod.PodHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The result of a rehearsal.
 *
 * @param program what was rehearsed, as the user would write it
 * @param settings the numbers it was rehearsed with
 * @param kinds what was asked, in words
 * @param length from the first pod's start to the last answer
 */
public record RehearsalResult(
        String program,
        Map<String, String> settings,
        Map<LoadKind, String> kinds,
        Duration length,
        LoadLedger ledger,
        List<PodHistory> pods) {

    /** Returns the pods whose end was rehearsed, with the time from its begin to their exit. */
    Stream<Duration> ends() {
        return pods.stream().flatMap(pod -> timeToGo(pod).stream());
    }

    /** The time from the begin of a pod's end to its exit. */
    static Optional<Duration> timeToGo(PodHistory pod) {
        return pod.at(PodEvent.Kind.ENDING)
                .flatMap(begun -> pod.at(PodEvent.Kind.EXITED).map(exit -> exit.minus(begun)));
    }

    /** Returns how many losses there were. */
    public int lost() {
        return ledger.lost();
    }

    /** Returns how long the slowest pod took to go. */
    public Duration longestEnd() {
        return ends().reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /** Returns how long the pods took to go, in words; empty where none has gone. */
    Optional<String> endings() {
        List<Duration> all = ends().sorted().toList();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("a pod went in " + LossGroup.seconds(all.get(0)) + " to "
                + LossGroup.seconds(all.get(all.size() - 1)) + " s, half of them within "
                + LossGroup.seconds(all.get(all.size() / 2)) + " s");
    }

    /** Returns what a user should know besides the losses. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        count(PodEvent.Kind.TERM_WITHOUT_HANDLER)
                .ifPresent(
                        pods -> notes.add(
                                pods
                                        + " no handler for SIGTERM: as PID 1 of a container such a program does not get the"
                                        + " signal and runs until the kill. With an init process in the image (--init) it would end at once."));
        count(PodEvent.Kind.KILL_SENT)
                .ifPresent(pods -> notes.add(pods + " SIGKILL: what was in flight then was cut."));
        pods.stream()
                .flatMap(pod -> pod.first(PodEvent.Kind.PRE_STOP_ENDED).stream())
                .map(PodEvent::detail)
                .filter(detail -> !detail.isEmpty())
                .distinct()
                .limit(3)
                .forEach(detail -> notes.add("preStop " + detail));
        return notes;
    }

    private Optional<String> count(PodEvent.Kind kind) {
        long number = pods.stream().filter(pod -> pod.first(kind).isPresent()).count();
        return number == 0 ? Optional.empty() : Optional.of(number == 1 ? "1 pod had" : number + " pods had");
    }

    /** Returns the losses of a pod; those without an endpoint belong to the empty name. */
    List<Loss> losses(String pod) {
        return ledger.losses().stream().filter(each -> each.pod().equals(pod)).toList();
    }

    /** Returns the verdict in one sentence. */
    String verdict() {
        long ended = ends().count();
        String replaced = ended == 1 ? "1 pod replaced" : ended + " pods replaced";
        return ledger.lost() == 0
                ? "nothing lost: " + ledger.ended() + " requests, " + replaced
                : ledger.lost() + " of " + ledger.ended() + " requests lost, " + replaced;
    }
}
