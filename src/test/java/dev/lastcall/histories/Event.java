package dev.lastcall.histories;

import dev.lastcall.drain.Trigger;
import java.util.List;
import java.util.random.RandomGenerator;

/** One step of a history. */
sealed interface Event {
    record Begins(Client client) implements Event {}

    record Triggered(Trigger trigger) implements Event {}

    record Undrained() implements Event {}

    record Expired() implements Event {}

    /** The drain's clock moves. */
    record Advanced(int milliseconds) implements Event {}

    /** The world's clock moves: clients and servers go on. */
    record Paused(int milliseconds) implements Event {}

    static Event random(RandomGenerator random) {
        int which = random.nextInt(100);
        if (which < 50) {
            return new Begins(one(Client.OF_SHORT_WORK, random));
        } else if (which < 62) {
            return new Triggered(one(List.of(Trigger.values()), random));
        } else if (which < 68) {
            return new Undrained();
        } else if (which < 70) {
            return new Expired();
        } else if (which < 85) {
            return new Advanced(random.nextInt(8_000));
        } else {
            return new Paused(random.nextInt(120));
        }
    }

    private static <T> T one(List<T> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }
}
