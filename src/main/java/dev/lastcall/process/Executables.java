package dev.lastcall.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a program's name leads, as {@code execvp} finds it. */
final class Executables {
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

    private Executables() {}

    /**
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
}
