package dev.lastcall.testing;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Ends the processes of a test with the test, and those of a class with the class. JUnit finds it by the service loader. */
public final class TestProcessListener implements TestExecutionListener {

    /** For the service loader. */
    public TestProcessListener() {
        AwaitLimit.set();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        Scope.begin();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Scope.end();
        // Those that libraries have started, as a PostgreSQL that all tests share.
        OrphanReaper.watchChildren();
    }
}
