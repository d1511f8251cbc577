package dev.lastcall.testing;

import java.util.HashMap;
import java.util.Map;

/** The settings of a drain that a test can wait for. */
public final class ShortDrain {
    private ShortDrain() {}

    /**
     * Settings of a short drain: no lame duck, and of 10 s of grace 7 s until CANCELLING, 1 s for CANCELLING, 1.5 s for the release.
     *
     * @param more names below {@code lastcall.drain.} and their values in turn
     */
    public static Map<String, String> of(String... more) {
        Map<String, String> settings = new HashMap<>();
        put(
                settings,
                "grace-period",
                "10s",
                "exit-margin",
                "500ms",
                "lame-duck.min",
                "0s",
                "lame-duck.max",
                "0s",
                "cancel-reserve",
                "1s",
                "release-reserve",
                "1500ms");
        put(settings, more);
        return settings;
    }

    private static void put(Map<String, String> settings, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put("lastcall.drain." + pairs[i], pairs[i + 1]);
        }
    }
}
