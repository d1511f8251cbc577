package dev.lastcall.lint.check;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A command line that starts with a shell, and what of the shell is left once the program runs. Measured with bash 5.2, dash 0.5.12 and
 * busybox: bash and busybox replace themselves with the last command where it is a plain one, dash does not.
 *
 * @param name {@code sh}, {@code bash} …
 * @param busybox whether it is called as busybox' applet
 * @param script what follows {@code -c}
 */
record Shell(String name, boolean busybox, String script) {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "ksh");

    /** As a command of its own: at the start of the script, or behind something that ends another command. */
    private static final Pattern EXEC = Pattern.compile("(^|[;&|\\n{(]|\\b(then|do|else)\\b)\\s*exec\\s+[^\\s<>0-9]");

    private static final Pattern TRAP = Pattern.compile("(^|[;&|\\n{(])\\s*trap\\s[^\\n]*\\b(SIG)?(TERM|15)\\b");
    private static final Pattern REDIRECTION = Pattern.compile("[<>]");

    /** Words that make a command more than a plain one, and so keep the shell. */
    private static final Pattern COMPOUND = Pattern.compile(
            "^(if|fi|for|while|until|do|done|case|esac|select|\\{|\\}|\\(|\\[\\[|function|!|time)(\\s.*)?$");

    /** Commands of demonstrations that only pass the time: nothing is lost when they are killed. */
    private static final Pattern PASTIME =
            Pattern.compile("^((if|then|else|elif|while|until|do|for|fi|done|\\{|\\}|!)\\s*)*"
                    + "(\\S*/)?(sleep|echo|true|false|:|touch|rm|cat|date|printf|test|\\[|mkdir|cp|mv|chmod|chown|ls|tail|set|cd|export|env|id|uname"
                    + "|hostname|break|continue|exit|wait|trap|read|seq|expr|let|local|while|until|for|if|then|else|fi|do|done|in|case|esac"
                    + "|\\w+=\\S*|\\w+=\\$\\(.*|\\}|\\{)?(\\s.*|\\)|;)?$");

    /** The shell at the start of these words, behind {@code env}, {@code busybox} and options; null-like empty script where there is none. */
    static Shell of(List<String> words) {
        int place = 0;
        boolean busybox = false;
        while (place < words.size()) {
            String word = base(words.get(place));
            if (word.equals("busybox")) {
                busybox = true;
            } else if (SHELLS.contains(word)
                    || !(word.equals("env") || words.get(place).matches("\\w+=.*|-[iS]"))) {
                break;
            }
            place++;
        }
        if (place >= words.size() || !SHELLS.contains(base(words.get(place)))) {
            return new Shell("", false, "");
        }
        String name = base(words.get(place));
        return new Shell(name, busybox || name.equals("ash"), inline(words.subList(place + 1, words.size())));
    }

    /** The script that a command line runs; the words themselves where no shell is asked. */
    static String script(List<String> words) {
        Shell shell = of(words);
        return shell.script().isEmpty() ? String.join(" ", words) : shell.script();
    }

    /** Returns the script after {@code -c}, {@code -ec} or {@code -o pipefail -c}; empty where a file is run, which lint cannot read. */
    private static String inline(List<String> options) {
        boolean command = false;
        for (int place = 0; place < options.size(); place++) {
            String option = options.get(place);
            if (!option.startsWith("-") && !option.startsWith("+")) {
                return command ? option : "";
            }
            command = command || option.matches("-[a-zA-Z]*c[a-zA-Z]*");
            if (option.matches("[-+][a-zA-Z]*[oO]")) {
                place++;
            }
        }
        return "";
    }

    private static String base(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    /**
     * Whether the shell stays, as the parent of the program, and passes no signal on.
     *
     * @param replacing whether {@code sh} is one of those that replace themselves
     */
    boolean stays(boolean replacing) {
        if (script.isBlank()
                || EXEC.matcher(script).find()
                || TRAP.matcher(script).find()
                || script.contains("<<")) {
            return false;
        }
        ShellScript parts = ShellScript.of(script);
        if (parts.commands().stream()
                .allMatch(command -> PASTIME.matcher(command).matches())) {
            return false;
        }
        boolean sure = name.equals("bash") || name.equals("zsh") || name.equals("ksh");
        return !(sure || replacing || busybox) || !endsPlainly(parts, sure);
    }

    /** In a shell that replaces itself; bash does not where the last command is compound or redirects, of the others it is not known. */
    private static boolean endsPlainly(ShellScript parts, boolean strict) {
        boolean plain = !COMPOUND.matcher(parts.last()).matches()
                && !REDIRECTION.matcher(parts.last()).find();
        return parts.lastStandsAlone() && (plain || !strict);
    }
}
