package example;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A program that knows nothing of draining: PORT=8000 java -jar target/spring.jar */
@SpringBootApplication
@RestController
public class App {
    public static void main(String[] arguments) {
        SpringApplication app = new SpringApplication(App.class);
        app.setDefaultProperties(Map.of("server.port", System.getenv().getOrDefault("PORT", "8000"), "server.address", "127.0.0.1"));
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
}
