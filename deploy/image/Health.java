import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks the URL in a file whether the program of this container is well: exit code 0 if the
 * answer is 200 within three seconds. Needs nothing of the image but Java.
 */
final class Health {

	public static void main(String[] arguments) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI
			.create(Files.readString(Path.of(arguments[0])).strip())
			.toURL()
			.openConnection();
		connection.setConnectTimeout(1000);
		connection.setReadTimeout(3000);
		System.exit((connection.getResponseCode() == 200) ? 0 : 1);
	}

}
