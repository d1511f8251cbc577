package com.example.shop;

import dev.lastcall.drain.CountedWork;
import dev.lastcall.drain.DrainControl;
import dev.lastcall.drain.DrainStateChanged;
import dev.lastcall.drain.ReleaseStep;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Scheduled work that the drain waits for, because it asks to be counted. */
@Singleton
public class Mail implements ReleaseStep {
    private static final Logger LOG = Logger.getLogger(Mail.class);

    private final DrainControl drain;
    private final long ms;

    Mail(DrainControl drain, @ConfigProperty(name = "mail.ms", defaultValue = "100") long ms) {
        this.drain = drain;
        this.ms = ms;
    }

    @Scheduled(every = "${mail.every:off}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void send() throws InterruptedException {
        Optional<CountedWork> begun = drain.begin("mail");
        if (begun.isEmpty()) {
            LOG.info("mail is left to another instance");
            return;
        }
        try (CountedWork work = begun.get()) {
            LOG.info("mail begun");
            Thread.sleep(ms);
            LOG.info("mail sent cancelled=" + work.signal().isCancelled());
        }
    }

    void changed(@Observes DrainStateChanged change) {
        LOG.infof("shop sees %s on %s", change.state(), Thread.currentThread().getName());
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void release() {
        LOG.info("mail released");
    }
}
