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

    private static final String LENGTH = "[\"']?[0-9]{1,9}(?:\\.[0-9]{1,9})?[smhd]?[\"']?(?![\\w.$<>])";

    /** A {@code sleep} that is a command of its own, behind what only starts it. */
    private static final String SLEEPS = "(?:(?:then|do|else|exec|command|nohup|sudo|env|\\{|(?:\\S*/)?busybox)\\s+)*"
            + "(?:(?:\\S*/)?timeout\\s+(?<limit>" + LENGTH + ")\\s+)?(?:\\S*/)?sleep";

    private static final Pattern SLEEP = Pattern.compile(SLEEPS + "(?<lengths>(?:\\s+" + LENGTH + ")+)");
    private static final Pattern ENDLESS_SLEEP = Pattern.compile(SLEEPS + "\\s+(inf|infinity)\\b");
    private static final Pattern LOOP = Pattern.compile("(while|until|for)\\s");
    private static final Pattern IDLE_COMMAND =
            Pattern.compile("(\\S*/)?(true|:|echo\\b.*|exit(\\s+0)?|sleep\\s+0[smhd]?|printf\\b.*)");
    private static final Pattern SPACE = Pattern.compile("\\s+");
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
            Field seconds = hook.at("sleep", "seconds");
            if (seconds.isPresent() && seconds.number().isEmpty()) {
                return new Hook(Kind.ACTS, 0);
            }
            long length = seconds.number().orElse(0);
            return length == 0 ? new Hook(Kind.IDLE, 0) : new Hook(Kind.SLEEPS, length);
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

    private static Hook ofScript(String text) {
        ShellScript script = ShellScript.of(text);
        List<String> commands = script.commands();
        if (commands.stream().anyMatch(each -> LOOP.matcher(each).lookingAt())) {
            return new Hook(Kind.ACTS, 0);
        }
        double seconds = 0;
        for (int place = 0; place < commands.size(); place++) {
            // What is left in the background is not waited for.
            boolean waited = !script.separators().get(place).startsWith("&")
                    || script.separators().get(place).equals("&&");
            String command = commands.get(place);
            Matcher endless = ENDLESS_SLEEP.matcher(command);
            if (waited && endless.lookingAt() && endless.group("limit") == null) {
                return new Hook(Kind.ENDLESS, 0);
            }
            seconds += waited ? length(command) : 0;
        }
        if (seconds > 0) {
            return new Hook(Kind.SLEEPS, seconds);
        }
        boolean idle = commands.stream()
                .allMatch(command -> IDLE_COMMAND.matcher(command).matches());
        return new Hook(idle ? Kind.IDLE : Kind.ACTS, 0);
    }

    /** Returns how long one command sleeps, in seconds. */
    private static double length(String command) {
        Matcher sleep = SLEEP.matcher(command);
        if (!sleep.lookingAt()) {
            return 0;
        }
        double seconds = 0;
        for (String length : SPACE.split(sleep.group("lengths").strip(), -1)) {
            seconds += seconds(length);
        }
        String limit = sleep.group("limit");
        return limit == null ? seconds : Math.min(seconds, seconds(limit));
    }

    private static double seconds(String written) {
        String bare = written.replace("\"", "").replace("'", "");
        Integer unit = UNITS.get(bare.substring(bare.length() - 1));
        return unit == null
                ? Double.parseDouble(bare)
                : unit * Double.parseDouble(bare.substring(0, bare.length() - 1));
    }
}
