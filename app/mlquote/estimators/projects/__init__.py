"""What does a whole project cost? Its parts over months, added up; doubts that parts share stay shared."""
