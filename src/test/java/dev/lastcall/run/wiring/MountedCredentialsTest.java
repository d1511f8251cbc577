package dev.lastcall.run.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountedCredentialsTest {
    private final MountedCredentials credentials = new MountedCredentials();

    @TempDir
    Path folder;

    @Test
    void filesAreReadAtEachQuestion() throws IOException {
        write("username", "app\n");
        write("password", " s3cret \r\n");
        assertThat(read()).isEqualTo(Map.of("user", "app", "password", " s3cret "));
        write("password", "other");
        assertThat(read()).isEqualTo(Map.of("user", "app", "password", "other"));
    }

    @Test
    void userMayComeFromElsewhere() throws IOException {
        write("password", "s3cret");
        assertThat(read()).isEqualTo(Map.of("password", "s3cret"));
    }

    @Test
    void folderWithoutAPasswordIsNamed() {
        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("quarkus.datasource.credentials-provider: " + folder.resolve("password")
                        + " cannot be read (NoSuchFileException) (expected: a folder with the files username and password,"
                        + " as a Secret is mounted)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4097, 1 << 20})
    void passwordOfNoLengthOrTooLongIsRefusedAndNotShown(int length) throws IOException {
        write("password", "x".repeat(length));
        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(length == 0 ? "is empty" : "is longer than 4096 bytes")
                .hasMessageNotContaining("xxx");
    }

    private Map<String, String> read() {
        return credentials.getCredentials(folder.toString());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
