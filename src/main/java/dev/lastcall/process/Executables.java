package dev.lastcall.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds a program's file as {@code execvp} does, and checks whether it can be executed. */
final class Executables {
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final int HEAD = 256;
    /** An interpreter may be a script too; Linux follows four. */
    private static final int INTERPRETERS = 4;

    private Executables() {}

    /**
     * The first file of that name that may be executed.
     *
     * @param word a name to look for, or a path
     * @param directory what a relative path is relative to
     * @param path the value of PATH
     */
    static Optional<Path> find(String word, Path directory, String path) {
        if (word.indexOf(File.separatorChar) >= 0) {
            return executable(directory, word);
        }
        return SEPARATOR
                .splitAsStream(path)
                .flatMap(each -> executable(directory.resolve(each), word).stream())
                .findFirst();
    }

    private static Optional<Path> executable(Path directory, String word) {
        try {
            Path file = directory.resolve(word);
            return Files.isRegularFile(file) && Files.isExecutable(file) ? Optional.of(file) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * Why this file cannot be executed: its interpreter is missing, or it is neither a script nor a binary. Empty where nothing is known
     * against it. A file that the kernel refuses would be given to a shell by {@code execvp}, and fail there with words of the shell's.
     *
     * @param path the value of PATH, for an interpreter that {@code env} is to find
     */
    static Optional<String> fault(Path file, Path directory, String path) {
        Path next = file;
        for (int i = 0; i < INTERPRETERS; i++) {
            byte[] head = head(next);
            if (!startsWith(head, "#!")) {
                return isGarbage(head)
                        ? Optional.of(next + " is neither a script nor a binary of this system")
                        : Optional.empty();
            }
            List<String> words = interpreter(head);
            if (words.isEmpty()) {
                return Optional.empty();
            }
            Optional<Path> interpreter = executable(directory, words.get(0));
            if (interpreter.isEmpty()) {
                return Optional.of(missing(words.get(0), next));
            }
            String wanted = words.size() > 1 ? words.get(1) : "";
            boolean byName = interpreter.get().endsWith("env") && !wanted.startsWith("-") && !wanted.contains("=");
            if (byName && !wanted.isEmpty() && find(wanted, directory, path).isEmpty()) {
                return Optional.of(missing(wanted, next));
            }
            next = interpreter.get();
        }
        return Optional.empty();
    }

    private static String missing(String interpreter, Path file) {
        return interpreter + ", the interpreter of " + file + ", is no program here";
    }

    private static byte[] head(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return stream.readNBytes(HEAD);
        } catch (IOException e) {
            // It may be executed and not be read: then nothing is known of it.
            return new byte[0];
        }
    }

    private static List<String> interpreter(byte[] head) {
        String text = new String(head, 2, head.length - 2, StandardCharsets.ISO_8859_1);
        String line = text.lines().findFirst().orElse("").strip();
        return line.isEmpty() ? List.of() : List.of(BLANKS.split(line));
    }

    /** A NUL is in every binary and in no script; macOS' own binaries have other marks. */
    private static boolean isGarbage(byte[] head) {
        boolean linux = Files.isDirectory(Path.of("/proc/self"));
        return linux && !startsWith(head, "\u007fELF\u0001") && !startsWith(head, "\u007fELF\u0002") && hasNul(head);
    }

    private static boolean hasNul(byte[] head) {
        for (byte each : head) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a shell would interpret the file, as it does with files that the kernel does not execute. */
    static boolean isReadByShell(Path file) {
        byte[] head = head(file);
        return !startsWith(head, "#!");
    }

    private static boolean startsWith(byte[] head, String mark) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith(mark);
    }
}
