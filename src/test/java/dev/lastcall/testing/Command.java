package dev.lastcall.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command line, with what differs from the environment and the directory of this JVM. */
public record Command(
        List<String> words,
        Map<String, String> environment,
        @Nullable Path directory) {

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    public static Command of(String... words) {
        return of(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(words, Map.of(), null);
    }

    /** The {@code java} that runs this JVM, with these arguments. */
    public static Command java(List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(arguments);
        return of(words);
    }

    public Command with(Map<String, String> variables) {
        return new Command(words, variables, directory);
    }

    public Command in(Path where) {
        return new Command(words, environment, where);
    }
}
