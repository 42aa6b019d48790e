package dev.sagamart.platform.web;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Problem details for what Tomcat refuses before any filter sees it: malformed request
 * lines, headers too large, forbidden encodings in paths.
 */
final class ProblemValve extends ErrorReportValve {

	@Override
	protected void report(Request request, Response response, @Nullable Throwable throwable) {
		int status = response.getStatus();
		if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		try {
			ProblemWriter.write(request, response, Problem.ofStatus(status));
		}
		catch (IOException ex) {
			this.container.getLogger().debug("The client did not wait for an error", ex);
		}
	}

}
