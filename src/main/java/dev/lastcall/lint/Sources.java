package dev.lastcall.lint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files that the user named, each read once: files and pipes as they are, directories with all the manifests below them (through links,
 * each file once), {@code -} for the input.
 */
final class Sources {
    private static final String INPUT = "-";

    /** More than any manifest has; a device never ends. */
    private static final int LARGEST = 64 * 1024 * 1024;

    private static final int DEEPEST = 64;

    private final InputStream input;
    private final ManifestReader reader;
    private final Set<Path> seen = new HashSet<>();
    private boolean inputSeen;

    private Sources(InputStream input, ManifestReader reader) {
        this.input = input;
        this.reader = reader;
    }

    /** Hands everything that can be read to the reader, and the words for what cannot. */
    static void of(Iterable<String> places, InputStream input, ManifestReader reader) {
        Sources sources = new Sources(input, reader);
        for (String place : places) {
            sources.readPlace(place);
        }
    }

    private void readPlace(String place) {
        try {
            if (place.equals(INPUT)) {
                readInput();
            } else if (Files.isDirectory(Path.of(place))) {
                readFolder(Path.of(place));
            } else {
                read(Path.of(place));
            }
        } catch (InvalidPathException e) {
            reader.refuse(place + ": is no name of a file (expected: a manifest or a directory with manifests)");
        }
    }

    private void readInput() {
        if (inputSeen) {
            return;
        }
        inputSeen = true;
        try {
            accept("stdin", input.readNBytes(LARGEST + 1));
        } catch (IOException e) {
            reader.refuse("stdin: cannot be read, " + reason(e));
        }
    }

    private void readFolder(Path folder) {
        Set<Path> files = new TreeSet<>();
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new Collecting(files));
        } catch (IOException e) {
            reader.refuse(folder + ": cannot be read, " + reason(e));
        }
        if (files.isEmpty()) {
            reader.skip(folder.toString(), "it holds no YAML");
        }
        files.forEach(this::read);
    }

    private void read(Path file) {
        if (!seen.add(real(file))) {
            return;
        }
        try {
            try (InputStream stream = Files.newInputStream(file)) {
                accept(file.toString(), stream.readNBytes(LARGEST + 1));
            }
        } catch (IOException e) {
            reader.refuse(file + ": " + reason(e) + " (expected: a manifest or a directory with manifests)");
        }
    }

    /** Returns a file's real path, or the absolute one where it has none: what {@code <(…)} of a shell names leads to no path. */
    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }

    private void accept(String name, byte[] bytes) {
        if (bytes.length > LARGEST) {
            reader.refuse(name + ": is larger than 64 MiB (expected: a manifest)");
        } else {
            reader.read(name, bytes);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            String file = e.getMessage();
            boolean link = file != null && Files.exists(Path.of(file), LinkOption.NOFOLLOW_LINKS);
            return link ? "a link to a file that does not exist" : "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Collects the manifests below a folder. What it cannot look at is said, and the rest is looked at. */
    private final class Collecting extends SimpleFileVisitor<Path> {
        private final Set<Path> files;

        Collecting(Set<Path> files) {
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = String.valueOf(folder.getFileName());
            return name.equals(".git") || name.equals("node_modules")
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // A pipe among the files would wait for somebody to write.
            if (isManifest(file) && attributes.isRegularFile()) {
                files.add(file);
            } else if (isManifest(file) && attributes.isSymbolicLink()) {
                reader.refuse(file + ": a link to a file that does not exist");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            // A circle of links has been seen on its way round.
            if (!(e instanceof FileSystemLoopException)) {
                reader.refuse(file + ": cannot be read, " + reason(e));
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean isManifest(Path file) {
            String name = String.valueOf(file.getFileName());
            return name.endsWith(".yaml")
                    || name.endsWith(".yml")
                    || name.endsWith(".json")
                    || Kustomization.isNamed(file);
        }
    }
}
