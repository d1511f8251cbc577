package dev.lastcall.lint.check;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The end of a shell script, which decides whether the shell replaces itself with the program. Measured with bash 5.2 and busybox 1.35.
 *
 * @param program the last command that does more than pass the time
 * @param last whether nothing but the closing words of compound commands follows it
 * @param behind what ends it: {@code ;}, {@code &}, a line's end …
 * @param line what stands between the commands of its line before it, the nearest last
 */
record ShellEnd(String program, boolean last, String behind, List<String> line) {
    /** Words of compound commands, in which bash stays. */
    private static final Pattern COMPOUND = Pattern.compile(
            "^(if|then|else|elif|for|while|until|do|case|select|\\{|\\(|\\[\\[|function|!|time|eval)(\\s.*|$)|^\\(.*|^\\w+\\s*\\(\\).*",
            Pattern.DOTALL);

    /** Words of compound commands in which busybox stays too. */
    private static final Pattern REPEATED = Pattern.compile(
            "^(for|while|until|do|select|function|!|time|eval)(\\s.*|$)|^\\w+\\s*\\(\\).*", Pattern.DOTALL);

    private static final Pattern CLOSING = Pattern.compile("fi|esac|\\}|\\)|;");
    private static final Pattern REDIRECTION = Pattern.compile("[<>]");

    /** A trap of anything keeps busybox, one of the shell's own end keeps bash; a dash or nothing as its action is none. */
    private static final Pattern TRAP = Pattern.compile("(^|[;&|\\n{(])\\s*trap\\s+(?!''|\"\"|-\\s)\\S");

    private static final Pattern TRAP_OF_EXIT = Pattern.compile(TRAP.pattern() + "[^\\n;]*\\s(EXIT|0)\\b");
    private static final Pattern COMMENT_AT_THE_END = Pattern.compile("(^|\\n)\\s*#[^\\n]*\\s*$");

    /** @param idle whether a command only passes the time */
    static ShellEnd of(ShellScript script, Predicate<String> idle) {
        List<String> commands = script.commands();
        int place = commands.size() - 1;
        boolean last = true;
        while (place > 0 && idle.test(commands.get(place))) {
            last = last && CLOSING.matcher(commands.get(place)).matches();
            place--;
        }
        return new ShellEnd(commands.get(place), last, script.separators().get(place), script.line(place));
    }

    /** Whether bash replaces itself with the program: the last of its line, in no compound command, without a redirection. */
    boolean replacesBash(String script) {
        boolean mixed = !line.isEmpty()
                && isChain(line.get(line.size() - 1))
                && !line.stream().allMatch(ShellEnd::isChain);
        return isInList()
                && !mixed
                && !line.contains("&")
                && !COMPOUND.matcher(program).matches()
                && !REDIRECTION.matcher(program).find()
                && !TRAP_OF_EXIT.matcher(script).find()
                && !COMMENT_AT_THE_END.matcher(script).find();
    }

    /** Whether busybox replaces itself with the program: also in conditions, but not where a line's end follows. */
    boolean replacesBusybox(String script) {
        return isInList()
                && !REPEATED.matcher(program).matches()
                && !TRAP.matcher(script).find()
                && !script.endsWith("\n")
                && !COMMENT_AT_THE_END.matcher(script).find();
    }

    private boolean isInList() {
        boolean piped = !line.isEmpty() && line.get(line.size() - 1).equals("|");
        return last && !piped && !behind.startsWith("&") && !behind.equals("|");
    }

    private static boolean isChain(String separator) {
        return separator.equals("&&") || separator.equals("||");
    }
}
