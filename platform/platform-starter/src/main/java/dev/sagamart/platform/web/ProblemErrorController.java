package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Answers errors that the server dispatches to this path. A client that requests the path
 * itself gets 404.
 */
@Controller
class ProblemErrorController implements ErrorController {

	@RequestMapping("${spring.web.error.path:/error}")
	void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
		ProblemWriter.write(request, response, problemOf(request));
	}

	private static Problem problemOf(HttpServletRequest request) {
		if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable error) {
			return ProblemMapper.problemOf(error);
		}
		if (request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status) {
			return Problem.ofStatus(status);
		}
		return Problem.NOT_FOUND;
	}

}
