package dev.lastcall.rehearsal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line that starts this service once more: the same jar or executable, with settings on top. */
final class OwnService {
    static final String READY = "/q/health/ready";
    static final String PRE_STOP = "/drain/pre-stop";
    static final Map<String, String> PRE_STOP_HEADERS = Map.of("X-Lastcall-Pre-Stop", "1");

    private OwnService() {}

    /** Returns the command line that listens where the placeholders say, on the loopback address alone. */
    static List<String> command(Map<String, String> settings, Duration grace) throws BadOption {
        List<String> words = new ArrayList<>();
        boolean executable = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        if (executable) {
            words.add(ProcessHandle.current().info().command().orElse("lastcall"));
        } else {
            words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            // Small, and started soon: as many processes as there are pods share one machine.
            words.addAll(List.of("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        }
        words.add("-Dquarkus.http.host=127.0.0.1");
        words.add("-Dquarkus.management.host=127.0.0.1");
        words.add("-Dquarkus.http.port={port}");
        words.add("-Dquarkus.management.port={management}");
        words.add("-Dlastcall.drain.grace-period=" + grace.toMillis() + "ms");
        settings.forEach((key, value) -> words.add("-D" + key + "=" + value));
        if (!executable) {
            words.add("-jar");
            words.add(jar());
        }
        return words;
    }

    /**
     * Settings with which it starts a program and stands before it.
     *
     * @param command with the placeholder for the port of clients, which is this service's then
     * @param ready the path at which the program says that it is ready
     */
    static Map<String, String> supervising(String command, String ready) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("lastcall.process.app.command", command.replace("{port}", "{application}"));
        settings.put("lastcall.process.app.ready-url", "http://127.0.0.1:{application}" + ready);
        settings.put("lastcall.proxy.upstream", "http://127.0.0.1:{application}");
        settings.put("lastcall.proxy.listen", "127.0.0.1:{port}");
        return settings;
    }

    private static String jar() throws BadOption {
        String path = System.getProperty("java.class.path", "");
        if (!path.endsWith(".jar") || !Files.isRegularFile(Path.of(path))) {
            throw new BadOption(
                    "rehearse",
                    "",
                    "to be called as java -jar quarkus-run.jar rehearse, or --command with another program");
        }
        return Path.of(path).toAbsolutePath().toString();
    }
}
