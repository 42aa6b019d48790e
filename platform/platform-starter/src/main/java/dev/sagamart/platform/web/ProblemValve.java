package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Problem details for requests that Tomcat refuses before any filter: malformed request
 * lines, headers that are too large, forbidden encodings in paths.
 */
final class ProblemValve extends ErrorReportValve {

	private static final String TOO_LARGE = StringManager.getManager(Http11InputBuffer.class)
		.getString("iib.requestheadertoolarge.error");

	private static final String TOO_MANY = StringManager.getManager(MimeHeaders.class)
		.getString("headers.maxCountFail", "")
		.split("\\[", 2)[0];

	@Override
	protected void report(Request request, Response response, @Nullable Throwable throwable) {
		int status = response.getStatus();
		if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		try {
			ProblemWriter.write(request, response,
					isTooLarge(throwable) ? Problem.HEADERS_TOO_LARGE : Problem.ofStatus(known(request, status)));
		}
		catch (IOException ex) {
			this.container.getLogger().debug("The client did not wait for an error", ex);
		}
	}

	/** Tomcat answers 501 to CONNECT and to unknown transfer codings. */
	private static int known(Request request, int status) {
		if (status != HttpStatus.NOT_IMPLEMENTED.value()) {
			return status;
		}
		return "CONNECT".equals(request.getMethod()) ? HttpStatus.METHOD_NOT_ALLOWED.value()
				: HttpStatus.BAD_REQUEST.value();
	}

	/** Tomcat has neither a status nor an exception type for headers over its limits. */
	private static boolean isTooLarge(@Nullable Throwable throwable) {
		return throwable != null && throwable.getMessage() != null
				&& (throwable.getMessage().equals(TOO_LARGE) || throwable.getMessage().startsWith(TOO_MANY));
	}

}
