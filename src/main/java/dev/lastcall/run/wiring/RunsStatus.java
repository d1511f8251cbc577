package dev.lastcall.run.wiring;

import dev.lastcall.drain.StatusTable;
import dev.lastcall.run.execution.RunCounts;
import jakarta.inject.Singleton;
import java.util.List;

/** The table of this pod's runs on the console; empty before the first run. */
@Singleton
final class RunsStatus implements StatusTable.Source {
    private static final List<String> COLUMNS =
            List.of("executed here", "given away", "taken by other pods", "tokens respent");

    private final RunCounts counts;

    RunsStatus(RunCounts counts) {
        this.counts = counts;
    }

    @Override
    public StatusTable status() {
        List<Long> row = List.of(counts.owned.get(), counts.handoffs(), counts.fences(), counts.respent());
        boolean quiet = row.stream().allMatch(count -> count == 0);
        List<String> cells = row.stream().map(String::valueOf).toList();
        return new StatusTable("Runs", COLUMNS, quiet ? List.of() : List.of(cells));
    }
}
