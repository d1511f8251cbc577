package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container's preStop hook, as far as the manifest shows it.
 *
 * @param seconds how long it lasts at the least; for {@code SLEEPS} alone
 */
record Hook(Kind kind, double seconds) {
    enum Kind {
        /** No hook. */
        NONE,
        /** A hook that ends at once and does nothing. */
        IDLE,
        /** A hook that lasts a known time. */
        SLEEPS,
        /** A hook that never ends by itself. */
        ENDLESS,
        /** A hook that calls or runs a program. */
        ACTS
    }

    private static final Pattern SLEEP =
            Pattern.compile("\\bsleep((?:\\s+[0-9]{1,9}(?:\\.[0-9]{1,9})?[smhd]?(?![\\w.]))+)");
    private static final Pattern ENDLESS_SLEEP = Pattern.compile("\\bsleep\\s+(inf|infinity)\\b");
    private static final Pattern LOOP = Pattern.compile("\\b(while|until|for)\\b");
    private static final Pattern IDLE_COMMAND =
            Pattern.compile("(\\S*/)?(true|:|echo\\b.*|exit(\\s+0)?|sleep\\s+0[smhd]?|printf\\b.*)");
    private static final Map<String, Integer> UNITS = Map.of("s", 1, "m", 60, "h", 3600, "d", 86_400);
    private static final Set<String> HANDLERS = Set.of("exec", "httpGet", "tcpSocket", "sleep");

    static Hook of(Container container) {
        Field hook = container.preStop();
        if (!hook.isPresent()) {
            return new Hook(Kind.NONE, 0);
        }
        if (hook.at("exec").isPresent()) {
            return ofScript(Shell.script(words(container)));
        }
        if (hook.at("sleep").isPresent()) {
            long seconds = hook.at("sleep", "seconds").number().orElse(0);
            return seconds == 0 ? new Hook(Kind.IDLE, 0) : new Hook(Kind.SLEEPS, seconds);
        }
        return new Hook(hook.keys().stream().anyMatch(HANDLERS::contains) ? Kind.ACTS : Kind.IDLE, 0);
    }

    /** The command of an exec hook. */
    static List<String> words(Container container) {
        return container.preStop().at("exec", "command").items().stream()
                .map(Field::text)
                .toList();
    }

    /** Formats the length: {@code 10} or {@code 0.5}. */
    String length() {
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }

    private static Hook ofScript(String script) {
        if (ENDLESS_SLEEP.matcher(script).find()) {
            return new Hook(Kind.ENDLESS, 0);
        }
        if (LOOP.matcher(script).find()) {
            return new Hook(Kind.ACTS, 0);
        }
        double seconds = 0;
        Matcher sleeps = SLEEP.matcher(script);
        while (sleeps.find()) {
            for (String length : sleeps.group(1).strip().split("\\s+", -1)) {
                seconds += seconds(length);
            }
        }
        if (seconds > 0) {
            return new Hook(Kind.SLEEPS, seconds);
        }
        boolean idle = ShellScript.of(script).commands().stream()
                .allMatch(command -> IDLE_COMMAND.matcher(command).matches());
        return new Hook(idle ? Kind.IDLE : Kind.ACTS, 0);
    }

    private static double seconds(String written) {
        String unit = written.replaceAll("[0-9.]", "");
        double number = Double.parseDouble(unit.isEmpty() ? written : written.substring(0, written.length() - 1));
        return number * UNITS.getOrDefault(unit, 1);
    }
}
