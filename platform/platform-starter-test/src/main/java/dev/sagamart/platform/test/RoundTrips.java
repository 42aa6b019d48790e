package dev.sagamart.platform.test;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Records the round trips to the database: each statement, batch, commit and rollback is
 * one. Declare it as a bean with a static method. Not for concurrent tests.
 */
public final class RoundTrips implements BeanPostProcessor {

	private final List<String> sent = new CopyOnWriteArrayList<>();

	private volatile @Nullable Thread caller;

	/**
	 * Returns the round trips of the calling thread, and of the threads that handle its
	 * requests, during an action.
	 */
	public List<String> of(Runnable action) {
		this.sent.clear();
		this.caller = Thread.currentThread();
		try {
			action.run();
			return List.copyOf(this.sent);
		}
		finally {
			this.caller = null;
		}
	}

	/**
	 * Replaces the data source of the pool by one whose connections record round trips.
	 */
	@Override
	public Object postProcessBeforeInitialization(Object bean, String name) {
		if (bean instanceof HikariDataSource pool) {
			DriverManagerDataSource source = new DriverManagerDataSource(pool.getJdbcUrl());
			source.setConnectionProperties(pool.getDataSourceProperties());
			pool.setDataSource(new DelegatingDataSource(source) {

				@Override
				public Connection getConnection(String user, String password) throws SQLException {
					return counting(Connection.class, super.getConnection(user, password), "");
				}

			});
		}
		return bean;
	}

	private void note(String trip) {
		Thread thread = Thread.currentThread();
		if (this.caller != null && (thread.equals(this.caller) || thread.getName().startsWith("tomcat-handler"))) {
			this.sent.add(trip);
		}
	}

	private <T> T counting(Class<T> type, T target, String sql) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (_, method, arguments) -> {
				String name = method.getName();
				if (name.startsWith("execute")) {
					note(sql.isEmpty() ? String.valueOf(arguments[0]) : sql);
				}
				else if (name.equals("commit") || name.equals("rollback")) {
					note(name);
				}
				try {
					return switch (method.invoke(target, arguments)) {
						case PreparedStatement statement ->
							counting(PreparedStatement.class, statement, String.valueOf(arguments[0]));
						case Statement statement -> counting(Statement.class, statement, "");
						case null -> null;
						case Object result -> result;
					};
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
