package peer;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Spring Boot's graceful shutdown is on by default; its preStop is the sleep of its documentation. */
@SpringBootApplication
@RestController
public class App {
    private final ExecutorService streams = Executors.newCachedThreadPool();

    public static void main(String[] arguments) {
        SpringApplication app = new SpringApplication(App.class);
        app.setDefaultProperties(Map.of(
                "server.port", System.getenv().getOrDefault("PORT", "8000"),
                "server.address", "127.0.0.1",
                "spring.lifecycle.timeout-per-shutdown-phase", "20s"));
        app.run(arguments);
    }

    @GetMapping("/")
    String quick() {
        return "42";
    }

    @GetMapping("/slow")
    String slow() throws InterruptedException {
        Thread.sleep(1000);
        return "42";
    }

    @GetMapping("/events/{count}")
    SseEmitter events(@PathVariable int count) {
        SseEmitter emitter = new SseEmitter(0L);
        streams.execute(() -> {
            try {
                for (int number = 0; number < count; number++) {
                    emitter.send(number);
                    Thread.sleep(100);
                }
                emitter.complete();
            } catch (IOException | InterruptedException e) {
                emitter.completeWithError(e);
            }
        });
        return emitter;
    }
}
