package dev.lastcall.config;

import java.util.regex.Pattern;

/** Commands as they may be printed: what stands behind the usual names of secrets is masked. */
public final class SecretMask {
    private static final String SHOWN = "***";
    private static final String NAME =
            "[\\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|bearer"
                    + "|signature)[\\w.-]*";
    private static final String VALUE = "(?:\"(?:[^\"\\\\]|\\\\.)*\"?|'[^']*'?|[^\\s\"'])+";
    /** {@code --db-password=…}, {@code API_KEY=…}, {@code token: …}. */
    private static final Pattern ASSIGNED = Pattern.compile("(?i)(" + NAME + "[\"']?\\s?[=:]\\s?)" + VALUE);
    /** {@code --password …}. */
    private static final Pattern OPTION = Pattern.compile("(?i)((?:^|\\s)--?" + NAME + "\\s+)(?!-)" + VALUE);
    /** {@code Authorization: Bearer …}, {@code Basic …}. */
    private static final Pattern AUTHORIZATION =
            Pattern.compile("(?i)(authorization\\s*[:=]\\s*(?:\\w+\\s+)?)[^\\s\"']+|(bearer\\s+)[^\\s\"']+");
    /** {@code postgres://user:…@host}, and RFC 3986 user information as a whole: {@code https://token@host}. */
    private static final Pattern USER_INFORMATION = Pattern.compile("(://[^\\s/:@\"']*:)[^\\s/@\"']+(@)");

    private SecretMask() {}

    /** Masks the secrets of a command, an address or a list of variables. */
    public static String of(String command) {
        String masked = USER_INFORMATION.matcher(command).replaceAll("$1" + SHOWN + "$2");
        masked = AUTHORIZATION
                .matcher(masked)
                .replaceAll(found -> (found.group(1) != null ? found.group(1) : found.group(2)) + SHOWN);
        masked = ASSIGNED.matcher(masked).replaceAll("$1" + SHOWN);
        return OPTION.matcher(masked).replaceAll("$1" + SHOWN);
    }
}
