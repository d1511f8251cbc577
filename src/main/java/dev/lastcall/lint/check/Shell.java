package dev.lastcall.lint.check;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A command line that starts with a shell, and what of the shell is left once the program runs: bash and busybox replace themselves with
 * the last command where it is a plain one (see {@link ShellEnd}), dash 0.5.12 never does.
 *
 * @param name {@code sh}, {@code bash} …
 * @param busybox whether it is called as busybox' applet
 * @param interactive whether it was asked to be a login shell or an interactive one, which stays for what is done at its end
 * @param script what follows {@code -c}
 */
record Shell(String name, boolean busybox, boolean interactive, String script) {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "ksh");

    /** An {@code exec} that is a command of its own: at the start of the script, or behind something that ends another command. */
    private static final Pattern EXEC = Pattern.compile("(^|[;&|\\n{(]|\\b(then|do|else)\\b)\\s*exec\\s+[^\\s<>0-9]");

    private static final Pattern TRAP =
            Pattern.compile("(^|[;&|\\n{(])\\s*trap\\s+(?!''|\"\"|-\\s)[^\\n]*\\b(SIG)?(TERM|15)\\b");

    /** Commands of demonstrations that only pass the time: nothing is lost when they are killed. */
    private static final Pattern PASTIME =
            Pattern.compile("^(((if|then|else|elif|while|until|do|fi|done|env|\\w+=[^\\s(]*)(?=\\s|$)|[{}!])\\s*)*+"
                    + "(\\S*/)?(sleep|echo|true|false|:|touch|rm|cat|date|printf|test|\\[\\[?|mkdir|cp|mv|chmod|chown|ls|tail|set|cd|export|id|uname"
                    + "|curl|wget|nslookup|dig|ping|hostname|break|continue|exit|wait|trap|read|seq|expr|let|local|for"
                    + "|fi|done|in|case|esac|source|\\.|umask|ulimit|shift|unset|kill|killall|ln|grep|sed|awk"
                    + "|\\w+=\\$\\(.*)?(\\s.*|\\)|;)?$");

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
            return new Shell("", false, false, "");
        }
        String name = base(words.get(place));
        List<String> options = words.subList(place + 1, words.size());
        boolean interactive = options.stream()
                .takeWhile(option -> option.startsWith("-"))
                .anyMatch(option -> option.matches("-[a-zA-Z]*[il][a-zA-Z]*|--login"));
        return new Shell(name, busybox || name.equals("ash"), interactive, inline(options));
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
        if (script.isBlank() || EXEC.matcher(script).find() || script.contains("<<")) {
            return false;
        }
        ShellScript parts = ShellScript.of(script);
        // A trap waits for the command in the foreground.
        if (TRAP.matcher(script).find() && parts.hasBackground()) {
            return false;
        }
        if (parts.commands().stream().allMatch(Shell::passesTime)) {
            return false;
        }
        if (name.equals("bash") || name.equals("zsh") || name.equals("ksh")) {
            return interactive || !ShellEnd.of(parts, Shell::passesTime).replacesBash(script);
        }
        return !(replacing || busybox) || !ShellEnd.of(parts, Shell::passesTime).replacesBusybox(script);
    }

    private static boolean passesTime(String command) {
        return PASTIME.matcher(command).matches();
    }
}
