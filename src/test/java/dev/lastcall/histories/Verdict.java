package dev.lastcall.histories;

import dev.lastcall.drain.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the counts of a drain are what its clients saw: each admitted exchange ended exactly once, in the number that its client would name.
 *
 * @param totals counted between the moment before the first exchange and the one after the last
 * @param unasked exchanges of which the server need know nothing
 * @param earlier exchanges that may have ended before the totals begin
 */
record Verdict(Totals totals, Sink sink, long unasked, long earlier) {
    static Verdict of(Totals totals, Sink sink) {
        return new Verdict(totals, sink, totals.crossed() + h2Nothing(sink), 0);
    }

    /**
     * Returns the same as {@link #of(Totals, Sink)}, for totals that begin with the drain. An exchange whose connection was not answered once the
     * port was being closed cannot be told from one that was never accepted.
     */
    static Verdict ofLast(Totals totals, Sink sink, Instant closing) {
        long late = sink.count(seen -> isNothing(seen.outcome())
                && seen.client() != Client.H2C
                && !seen.at().isBefore(closing));
        return new Verdict(
                totals,
                sink,
                totals.crossed() + h2Nothing(sink) + late,
                sink.count(Outcome.ANSWERED) + sink.count(Outcome.SOCKET_CLOSED) + sink.count(Outcome.LEFT));
    }

    /** Streams that were not taken after GOAWAY, which is no loss: the protocol tells the client to ask elsewhere. */
    private static long h2Nothing(Sink sink) {
        return sink.count(seen -> seen.client() == Client.H2C && isNothing(seen.outcome()));
    }

    private static boolean isNothing(Outcome outcome) {
        return outcome == Outcome.NOTHING || outcome == Outcome.UNREACHABLE;
    }

    /** Returns the violations; empty where nothing is wrong. */
    List<String> violations() {
        long unheard = sink.count(Outcome.UNHEARD);
        long whole = sink.count(Outcome.ANSWERED) + sink.count(Outcome.SOCKET_CLOSED);
        long early = sink.count(Outcome.ENDED_EARLY);
        long left = sink.count(Outcome.LEFT);
        long lost = sink.count(Outcome.BROKEN) + sink.count(seen -> isNothing(seen.outcome()));
        long refused = sink.count(Outcome.REFUSED);
        List<String> violated = new ArrayList<>();
        require(violated, sink.count(Outcome.WRONG) == 0, "an answer that is none");
        require(
                violated,
                refused <= totals.rejected() && totals.rejected() <= refused + unheard,
                "rejected, but refusals seen=" + refused);
        require(violated, totals.served() <= whole + early + left + unheard, "served more than was answered");
        require(
                violated,
                totals.left() <= left + sink.count(Outcome.SOCKET_CLOSED) + unheard,
                "left more than clients that left");
        require(
                violated,
                totals.cut() >= 0 && totals.cut() <= lost + early + left + sink.count(Outcome.SOCKET_CLOSED),
                "cut what was answered whole");
        require(violated, lost <= totals.cut() + unasked, "lost without having been cut: " + lost);
        long ended = totals.served()
                + totals.left()
                + totals.cut()
                + totals.handedOff()
                + totals.lost()
                + totals.brokenOff();
        long seen = whole + early + left + lost;
        require(
                violated,
                seen - unasked - earlier <= ended && ended <= seen + unheard,
                "ends=" + ended + ", exchanges seen=" + seen);
        if (!violated.isEmpty()) {
            violated.add(totals + " seen by clients: " + sink);
        }
        return violated;
    }

    private static void require(List<String> violated, boolean fact, String words) {
        if (!fact) {
            violated.add(words);
        }
    }
}
