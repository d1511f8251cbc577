package dev.lastcall.process;

import dev.lastcall.drain.StatusTable;
import jakarta.inject.Singleton;
import java.util.List;

/** The supervised programs on the operators' console. */
@Singleton
final class ProcessStatus implements StatusTable.Source {
    private final Processes processes;

    ProcessStatus(Processes processes) {
        this.processes = processes;
    }

    @Override
    public StatusTable status() {
        List<List<String>> rows = processes.up().entrySet().stream()
                .map(each -> List.of(each.getKey(), each.getValue() ? "up" : "down"))
                .toList();
        return new StatusTable("Programs", List.of("name", "state"), rows);
    }
}
