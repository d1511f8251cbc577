package dev.lastcall.process;

import io.quarkus.runtime.configuration.ConfigurationException;

/** A program that cannot be started or does not become ready: the start of this process fails with this message alone. */
final class ProgramStartFailure extends ConfigurationException {
    private static final long serialVersionUID = 1;

    ProgramStartFailure(String message) {
        super(message);
    }
}
