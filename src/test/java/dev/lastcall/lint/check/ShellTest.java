package dev.lastcall.lint.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviour that was seen of bash 5.2 and busybox 1.35: whether the process that was the shell is the program, or still the shell. */
class ShellTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '%',
            value = {
                "app                          ! replaced ! replaced",
                "app;                         ! replaced ! replaced",
                "true; app                    ! replaced ! replaced",
                "true && app                  ! replaced ! replaced",
                "false || app                 ! replaced ! replaced",
                "true && false || app         ! replaced ! replaced",
                "true && true; app            ! replaced ! replaced",
                "true; true && app            ! stays    ! replaced",
                "true; false || app           ! stays    ! replaced",
                "true\\ntrue && app           ! replaced ! replaced",
                "set -e\\ncd /tmp\\napp       ! replaced ! replaced",
                "app\\n                       ! replaced ! stays",
                "true\\napp\\n                ! replaced ! stays",
                "true\\napp\\n# ready         ! stays    ! stays",
                "app # ready                  ! replaced ! replaced",
                "X=1 app                      ! replaced ! replaced",
                "app > /dev/null              ! stays    ! replaced",
                "app 2>&1                     ! stays    ! replaced",
                "app < /dev/null              ! stays    ! replaced",
                "(app)                        ! stays    ! replaced",
                "{ app; }                     ! stays    ! replaced",
                "if true; then app; fi        ! stays    ! replaced",
                "if false; then true; else app; fi ! stays ! replaced",
                "true | app                   ! stays    ! stays",
                "app | tee log                ! stays    ! stays",
                "true | true; app             ! replaced ! replaced",
                "helper & app                 ! stays    ! replaced",
                "helper &\\napp               ! replaced ! replaced",
                "app & wait                   ! stays    ! stays",
                "app & echo                   ! stays    ! stays",
                "app || true                  ! stays    ! stays",
                "app && true                  ! stays    ! stays",
                "app; exit 0                  ! stays    ! stays",
                "eval app                     ! stays    ! stays",
                "time app                     ! stays    ! stays",
                "for i in 1; do app; done     ! stays    ! stays",
                "until app; do true; done     ! stays    ! stays",
                "env app                      ! replaced ! replaced",
                "nohup app                    ! replaced ! replaced",
                "trap 'x' EXIT; app           ! stays    ! stays",
                "trap 'x' 0; app              ! stays    ! stays",
                "trap 'x' INT; app            ! replaced ! stays",
                "trap 'x' TERM; app           ! replaced ! stays",
                "trap '' INT; app             ! replaced ! replaced",
                "trap - TERM; app             ! replaced ! replaced",
                "trap 'kill $p' TERM; app & p=$!; wait $p ! replaced ! replaced",
                "exec app                     ! replaced ! replaced"
            })
    void shellStaysOrReplacesItself(String script, String bash, String busybox) {
        String written = script.strip().replace("\\n", "\n");
        assertThat(Shell.of(List.of("bash", "-c", written)).stays(false))
                .as("bash")
                .isEqualTo(bash.strip().equals("stays"));
        assertThat(Shell.of(List.of("/bin/busybox", "sh", "-c", written)).stays(false))
                .as("busybox")
                .isEqualTo(busybox.strip().equals("stays"));
        assertThat(Shell.of(List.of("sh", "-c", written)).stays(true))
                .as("sh of an image with busybox")
                .isEqualTo(busybox.strip().equals("stays"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app", "true; app", "true && app", "if true; then app; fi", "trap 'x' TERM; app"})
    void dashStays(String script) {
        assertThat(Shell.of(List.of("dash", "-c", script)).stays(false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true; do echo hello; sleep 1; done",
                "while sleep 0.01; do wget -q -O- http://php-apache; done",
                "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600",
                "until nslookup db; do echo waiting; sleep 2; done"
            })
    void whatOnlyPassesTheTimeLosesNothing(String script) {
        assertThat(Shell.of(List.of("sh", "-c", script)).stays(false)).isFalse();
        assertThat(Shell.of(List.of("bash", "-c", script)).stays(false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-lc", "-ic", "-l", "--login"})
    void loginShellOfBashStays(String option) {
        List<String> words =
                option.endsWith("c") ? List.of("bash", option, "app") : List.of("bash", option, "-c", "app");
        assertThat(Shell.of(words).stays(false)).isTrue();
    }
}
