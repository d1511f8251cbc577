package dev.lastcall.shutdown;

import io.quarkus.runtime.configuration.ConfigurationException;

/** The check of the configuration at the start: the service's is of all rooms, the library's of its own keys alone. */
interface StartCheck {
    /**
     * Returns where nothing is wrong.
     *
     * @throws ConfigurationException naming every wrong key with its value and what was expected
     */
    void check();
}
