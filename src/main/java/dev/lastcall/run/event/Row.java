package dev.lastcall.run.event;

/**
 * One row of a run's log, which is one event.
 *
 * @param seq the event's {@code sequence_number}, from 0 without a gap
 * @param data ASCII JSON: of {@code response.output_text.delta} only its {@link TextDelta}; of every other the whole event as it is sent
 */
public record Row(int seq, EventType type, String data) {}
