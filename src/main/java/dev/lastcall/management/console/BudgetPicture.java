package dev.lastcall.management.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The budget as a bar. SVG, whose percentages need no style attribute (the content policy forbids those) and leave the letters their shape at any
 * width. The table of the stages shows the same: for screen readers the picture is one sentence.
 */
final class BudgetPicture {
    private static final int TOP = 26;
    private static final int HEIGHT = 44;
    /** Narrower than this, in percent, a piece has no room for its name, an instant none for its number. */
    private static final double ROOM_FOR_NAME = 16;

    /** Narrower than this, a name has room on a wide screen only. */
    private static final double ROOM_ON_PHONES = 30;

    private static final double ROOM_FOR_NUMBER = 7.5;

    private final BudgetTimeline budget;

    BudgetPicture(BudgetTimeline budget) {
        this.budget = budget;
    }

    Html svg(boolean serving) {
        List<Html> parts = new ArrayList<>();
        budget.segments().forEach(segment -> parts.add(piece(segment)));
        parts.add(numbers());
        if (!serving) {
            parts.add(now());
        }
        return Html.of("""
                <svg class="budget" role="img" aria-label="{}" width="100%" height="96">
                <defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hatch" width="2.5" height="7"/></pattern></defs>
                {}</svg>
                """, sentence(serving), Html.join(parts));
    }

    private String sentence(boolean serving) {
        if (serving) {
            return "A termination would get " + Wording.length(budget.whole())
                    + " now, stage by stage as in the table below.";
        }
        String spent = Wording.length(budget.elapsed()) + " of ";
        return budget.limited()
                ? spent + Wording.length(budget.whole()) + " are over."
                : Wording.length(budget.elapsed()) + " are over; nothing limits this drain.";
    }

    private Html piece(Segment segment) {
        String x = percent(segment.from());
        String width = percent(segment.to().minus(segment.from()));
        Html piece = Html.of(
                "<g class=\"{}\"><rect class=\"piece {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                "s-" + segment.stage(),
                segment.past() ? "past" : "planned",
                x,
                TOP,
                width,
                HEIGHT);
        if (!segment.past()) {
            piece.add(
                    "<rect fill=\"url(#hatch)\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", x, TOP, width, HEIGHT);
        }
        double share = share(segment.to().minus(segment.from()));
        if (share >= ROOM_FOR_NAME) {
            piece.add(
                    "<text class=\"name {} {}\" x=\"{}\" dx=\"10\" y=\"{}\">{}</text>",
                    segment.past() ? "past" : "planned",
                    share < ROOM_ON_PHONES ? "short" : "",
                    x,
                    TOP + 27,
                    Wording.name(segment.stage()));
        }
        return piece.add("</g>");
    }

    /** The instants between the pieces, as far as there is room: the last one always. */
    private Html numbers() {
        Html numbers = new Html();
        Duration last = budget.whole();
        for (Segment segment : budget.segments()) {
            boolean room = share(last.minus(segment.from())) >= ROOM_FOR_NUMBER;
            boolean apart = share(segment.to().minus(segment.from())) >= ROOM_FOR_NUMBER;
            boolean isNow =
                    segment.from().equals(budget.elapsed()) && !segment.from().isZero();
            if (room && apart && !isNow) {
                numbers.add(
                        "<text class=\"number\" x=\"{}\" y=\"90\">{}</text>",
                        percent(segment.from()),
                        seconds(segment.from()));
            }
        }
        return budget.limited()
                ? numbers.add("<text class=\"number end\" x=\"100%\" y=\"90\">{}</text>", seconds(last))
                : numbers;
    }

    private Html now() {
        double share = share(budget.elapsed());
        String anchor = share < 12 ? "start" : share > 88 ? "end" : "middle";
        String x = percent(budget.elapsed());
        return Html.of(
                "<g class=\"now\"><text class=\"{}\" x=\"{}\" y=\"16\">now · {}</text>"
                        + "<line x1=\"{}\" x2=\"{}\" y1=\"20\" y2=\"{}\"/></g>",
                anchor,
                x,
                seconds(budget.elapsed()),
                x,
                x,
                TOP + HEIGHT + 4);
    }

    private static String seconds(Duration length) {
        long tenths = length.toMillis() / 100;
        return tenths % 10 == 0 || tenths >= 1000
                ? tenths / 10 + " s"
                : String.format(Locale.ROOT, "%.1f s", tenths / 10.0);
    }

    private double share(Duration length) {
        return 100.0 * length.toMillis() / Math.max(1, budget.whole().toMillis());
    }

    private String percent(Duration length) {
        return String.format(Locale.ROOT, "%.3f%%", Math.min(100, share(length)));
    }
}
