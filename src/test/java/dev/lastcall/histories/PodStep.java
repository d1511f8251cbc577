package dev.lastcall.histories;

import java.util.List;
import java.util.random.RandomGenerator;

/** One step of a process' history. */
sealed interface PodStep {
    record Begins(Client client) implements PodStep {}

    /** An operator or the kubelet asks on the management port and does not wait. */
    record Asks(String method, String path) implements PodStep {}

    /** The kubelet asks for the preStop hook and closes its connection before the answer. */
    record AsksAndLeaves(int milliseconds) implements PodStep {}

    record Signals(String name) implements PodStep {}

    /** The process stands still while its clients go on. */
    record Freezes(int milliseconds) implements PodStep {}

    record Pauses(int milliseconds) implements PodStep {}

    static PodStep random(PodSeat.Kind kind, RandomGenerator random) {
        int which = random.nextInt(100);
        if (which < 50) {
            List<Client> clients = kind == PodSeat.Kind.SUPERVISOR ? List.of(Client.values()) : Client.OF_HTTP;
            return new Begins(one(clients, random));
        } else if (which < 56) {
            return new Asks("POST", "/drain");
        } else if (which < 60) {
            return new Asks("GET", "/drain/pre-stop");
        } else if (which < 63) {
            return new AsksAndLeaves(random.nextInt(300));
        } else if (which < 67) {
            return new Asks("DELETE", "/drain");
        } else if (which < 71) {
            return new Freezes(random.nextInt(1_000));
        } else {
            return new Pauses(random.nextInt(300));
        }
    }

    static PodStep signal(RandomGenerator random) {
        return new Signals(one(List.of("TERM", "TERM", "INT", "HUP"), random));
    }

    private static <T> T one(List<T> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }
}
