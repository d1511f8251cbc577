package dev.lastcall.run.wiring;

import io.quarkus.arc.Unremovable;
import io.quarkus.credentials.CredentialsProvider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The database's user and password from a folder with the files {@code username} and {@code password}, as Kubernetes mounts a Secret. The pool
 * asks for each new connection, so a password that was changed needs no restart. The provider's name,
 * {@code quarkus.datasource.credentials-provider}, is the folder.
 */
@Singleton
@Unremovable
public final class MountedCredentials implements CredentialsProvider {
    private static final String KEY = "quarkus.datasource.credentials-provider";
    private static final String USER = "username";
    private static final String PASSWORD = "password";
    /** The longest file, in bytes. */
    private static final int LONGEST = 4096;

    /** For CDI. */
    public MountedCredentials() {}

    /**
     * Reads both files; {@code username} may be missing, then {@code quarkus.datasource.username} holds.
     *
     * @throws IllegalArgumentException where the password cannot be read, or a file is empty or too long
     */
    @Override
    public Map<String, String> getCredentials(String folder) {
        Path files = Path.of(folder);
        Map<String, String> credentials = new HashMap<>();
        credentials.put(PASSWORD_PROPERTY_NAME, read(files.resolve(PASSWORD)));
        if (Files.exists(files.resolve(USER))) {
            credentials.put(USER_PROPERTY_NAME, read(files.resolve(USER)));
        }
        return credentials;
    }

    /** Reads a file without the line ends that an editor leaves; what is in a message is never what is in the file. */
    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            String value = new String(bytes, StandardCharsets.UTF_8).replaceFirst("[\\r\\n]+$", "");
            if (value.isEmpty() || bytes.length > LONGEST) {
                throw unreadable(file, value.isEmpty() ? "is empty" : "is longer than " + LONGEST + " bytes", null);
            }
            return value;
        } catch (IOException e) {
            throw unreadable(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static IllegalArgumentException unreadable(Path file, String fault, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                KEY + ": " + file + " " + fault + " (expected: a folder with the files " + USER + " and " + PASSWORD
                        + ", as a Secret is mounted)",
                cause);
    }
}
